// SPDX-License-Identifier: MIT
/// @file
/// The world of the timer on the host: two sources of ticks, time that passes when the test says
/// so, and nano_core's events.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cells/timer/timer.h"
#include "nano_core/api/event.h"

// A source of ticks whose time the test moves on.
struct FakeSource {
  double hertz;
  uint64_t mask;
  uint64_t line;
  status_t start_status = OK;
  status_t counter_status = OK;
  bool running = true;
  int starts = 0;
};

// Events as nano_core has them: a number that moves on. Before each watch something may happen that
// another processor, or a handler, does meanwhile.
struct FakeEvents {
  std::map<uint32_t, uint64_t> numbers;
  uint32_t most = 1000;
  int signals = 0;
  int watches = 0;
  event_t watched = {};  // by the last watch
  uint64_t number = 0;   // of it, at that time
  std::function<void()> before_watch;

  bool HasMoved() const { return numbers.at(watched.index) != number; }
};

struct FakeWorld {
  double seconds = 0;
  // Most tests are harder with the PIT, whose counter wraps soon.
  FakeSource hpet = {100e6, 0xffffffff, 0, ERR(NOT_FOUND)};
  FakeSource pit = {1193182, 0xffff, 0};
  bool deterministic = false;  // the command line says `icount`
  bool forced = false;         // and `timer=pit`
  bool unwatched = false;      // and `watchdog=off`
  bool in_a_step = true;

  status_t register_status = OK;
  int registrations = 0;
  int unregistrations = 0;
  uint64_t registered_line = 0;
  std::string registered_name;

  status_t watch_status = OK;
  std::vector<uint64_t> watched;  // lines

  int stops = 0;  // of the HPET
  int preemptions = 0;
  std::vector<std::string> lines;  // of the log
  FakeEvents events;
};

extern FakeWorld world;

class TimerTest : public ::testing::Test {
 protected:
  static constexpr uint64_t kBase = 1000000;  // what the cycle counter shows at first

  void SetUp() override;
  void TearDown() override;

  static uint32_t Code(status_t status) { return status.code; }
  static uint64_t Now() { return timer_now().value.count; }

  // The state as it is before the first instance is initialised.
  static void ForgetState();
  static void Start() { ASSERT_EQ(Code(timer_initialize()), STATUS_OK); }

  static void PassCycles(uint64_t cycles);
  static void SetCycles(uint64_t cycles);
  void Pass(double milliseconds);
  // Lets time pass, then makes one tick.
  void Tick(double milliseconds = 1);

  // A clock whose cycles are nanoseconds, and which has shown that it ticks.
  static void StartDeterministic();
  static void TickAt(uint64_t time);

  double megahertz_ = 2500;
};
