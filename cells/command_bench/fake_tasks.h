// SPDX-License-Identifier: MIT
/// @file
/// Tasks for the command's test: a task makes its first step when the command makes it, and each
/// live one another step whenever the command joins and would have to wait. A step is as far from
/// the next one as the test says.
#pragma once
#include <deque>

#include "cells/command_bench/command_bench.h"
#include "testing/host/fake_core.h"
#include "testing/host/ports.h"

struct FakeTask {
  task_progress_t progress;
  task_t self;
  status_t result;
  uint64_t steps = 0;
  bool ended = false;
  bool joined = false;
};

struct FakeTasks {
  std::deque<FakeTask> tasks;
  uint64_t cycles_between = 100;
  size_t room = SIZE_MAX;  // for tasks; then NO_MEMORY
  size_t alive = 0;
  bool in_step = false;
  int events_destroyed = 0;
};

FakeTasks &fake_tasks();
