// SPDX-License-Identifier: MIT
/// @file
/// What the scheduler knows about one task. It stands in the task's own memory, and nano_core lends
/// it to the scheduler with every question, so neither the scheduler nor its policy keeps anything
/// on behalf of a task.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/ownership.h"
#include "nano_core/api/task.h"
EXTERN_C_BEGIN

enum { kSchedulePriorities = 64, kScheduleUsualPriority = 32, kScheduleUsualWeight = 1024 };

/// Why a task is handed to the scheduler.
enum schedule_reason {
  kScheduleReady = 1,  // it was made, or what it waited for has happened
  kScheduleTick,       // it was interrupted, by a tick or for another task, and could go on
  kScheduleYield,      // it gives way
  kScheduleAgain,      // the scheduler has lost or dropped its queue, and is told everything anew
};

typedef struct task_schedule {
  uint64_t priority;   // 0, the most urgent, to kSchedulePriorities - 1
  uint64_t weight;     // share of the processors; kScheduleUsualWeight; at least 1
  uint64_t deadline;   // cycles from becoming ready until it should have run; 0: none
  uint64_t released;   // cycle counter when it became ready
  uint64_t ran;        // cycles that it ran since the scheduler saw it last
  uint64_t key;        // the order among those that are ready: the smallest runs first
  uint64_t policy[2];  // what the policy keeps about the task; all zero when it first sees it
  // A placement may last: each time that the task gives way the scheduler renews its key without
  // the policy, by taking these bits of it from the sequence of what is put in the queue.
  uint64_t lasting;  // the identity of the policy that allows it; 0: none
  uint64_t renewed;  // bits
} task_schedule_t;

/// What may be asked of the scheduling of a task.
typedef struct task_parameters {
  uint64_t priority;  // as above
  uint64_t weight;
  uint64_t deadline;  // cycles
} task_parameters_t;

/// Changes the parameters of a task; they count from when it is next handed to the scheduler.
/// @errors   STALE: it has ended. OUT_OF_RANGE: priority or weight.
CELL_EXPORT status_t task_set_parameters(task_t task, LENT const task_parameters_t *parameters);

EXTERN_C_END
