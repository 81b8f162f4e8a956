// SPDX-License-Identifier: MIT
/// @file
/// The world of the loads on the host: cells that work, and can be told to go wrong, and tasks that
/// make a step when the test says so.
#pragma once
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cells/keyboard/keyboard.h"
#include "cells/load_generator/load_generator.h"
#include "testing/host/fake_core.h"
#include "testing/host/state.h"

struct FakeTask {
  std::string name;
  std::string step;  // the function
  task_progress_t progress;
  bool joinable;
  bool ended;
  bool joined;
  status_t result;
  uint64_t steps;
};

struct FakeWorld {
  uint64_t now = 1000;
  uint64_t merged_ticks = 0;  // that the timer did not count
  uint32_t processors = 1;

  std::deque<FakeTask> tasks;
  int spawns_left = 1000;  // then there is no memory for more
  int yields = 0;
  bool deaf_children = false;  // children are never run
  bool step_twice = false;     // nano_core makes a step of a child twice
  bool early_end = false;      // and says that one has ended before it has

  // What every cell answers instead of working: UNAVAILABLE while it is swapped, say.
  status_t everywhere = OK;
  status_t timer = OK;
  bool wake_early = false;  // the timer says that it is time before it is
  bool wrong_answers = false;

  std::set<uint64_t> frames;
  uint64_t next_frame = 1;
  bool same_frame_twice = false;
  std::map<void *, std::unique_ptr<uint64_t[]>> blocks;
  int pools = 0;

  uint64_t token = 0;
  bool key_held = false;  // the consumer's token is valid
  std::deque<keyboard_item_t> queue;
  uint32_t sequence = 1;
  int drop_keys = 0;   // injected codes that never come back
  int wrong_keys = 0;  // that come back as another one
  int takeovers = 0;   // times that somebody else takes the keyboard
};

extern FakeWorld world;

class LoadTest : public ::testing::Test {
 protected:
  void SetUp() override;

  static void Start(const std::string &name);
  static status_t Stop(const std::string &name);
  static load_report_t Report(const std::string &name);

  /// Each task of a load (or that one task), children included, makes `count` steps, in turn.
  /// @returns  the answer of the last step
  static status_t Steps(const std::string &load, int count);

  /// The same where the answer does not matter.
  static void Work(const std::string &load, int count) {
    status_ignore(Steps(load, count), "the report tells");
  }

  /// Steps a load until it has stopped, a millisecond a round.
  static void StopAndWait(const std::string &name);

  /// The names of the tasks that have not ended.
  static std::vector<std::string> Alive();

  /// Ends a task as nano_core does when it fails or is killed.
  static void Kill(const std::string &name, status_t result);
};
