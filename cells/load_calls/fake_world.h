// SPDX-License-Identifier: MIT
/// @file
/// The world of the load on the host: cells that work, and can be told to go wrong, and a load
/// generator that answers as the test says.
#pragma once
#include <gtest/gtest.h>

#include "cells/load_calls/load_calls.h"
#include "testing/host/fake_core.h"
#include "testing/host/state.h"

enum { kFakeNumber = 3 };  // of the worker, among those of its load

struct FakeWorld {
  // What every cell answers instead of working: UNAVAILABLE while it is swapped, say.
  status_t everywhere = OK;
  bool wrong_answers = false;
  bool commands_accept = false;  // words that they must refuse
  int referenced = 0;            // calls of references
  uint64_t now = 1000000;
  int yields = 0;

  // What the load generator answers.
  status_t begin = OK;
  status_t leave = OK;
  bool stopping = false;
  load_batch_t counted = {};  // by it
  int left = 0;
};

extern FakeWorld world;
