// SPDX-License-Identifier: MIT
/// @file
/// What the root and the way from one step to the next both do for a task.
#pragma once
#include "nano_core/api/cycle_counter.h"
#include "nano_core/task/task.h"

/// The time since the last look at the clock goes to the task that ran; before anybody else may
/// take it over.
static inline void account(cpu_t *cpu, task_record_t *task) {
  const uint64_t now = cycle_counter();
  const uint64_t ran = now - cpu->accounted;
  cpu->accounted = now;
  task->ran += ran;
  task->schedule.ran += ran;
}

static inline void begin_step(cpu_t *cpu, task_record_t *task) {
  task->watch_count = 0;
  task->step_started = cpu->accounted;
}

/// Why a task that could go on does not: 1: it wants to give way; 0: something else is to be done.
static inline enum schedule_reason way_given(uint32_t yields) {
  static_assert((int)kScheduleTick + 1 == (int)kScheduleYield);
  return (enum schedule_reason)(kScheduleTick + yields);
}

static inline void begin_turn(cpu_t *cpu, task_record_t *task) {
  task->status = kTaskRunning;
  task->yields = 0;
  cpu->preempt_wanted = 0;
}

static inline void count_step(cpu_t *cpu, task_record_t *task) {
  account(cpu, task);
  cpu->steps++;
  task->steps++;
}
