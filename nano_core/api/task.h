// SPDX-License-Identifier: MIT
/// @file
/// Tasks: a root loop in nano_core that makes steps. A step is a published function
///   status_t NAME_step(LENT task_progress_t *progress);
/// that ends soon and answers OK (call me again), WOULD_BLOCK (when the watched event moves), END
/// (the task is done) or an error (the task ends with it). Served by nano_core.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/ownership.h"
#include "nano_core/api/reference.h"
#include "nano_core/api/sealed.h"
#include "nano_core/api/units.h"
EXTERN_C_BEGIN

enum { kTaskProgressBytes = 4000, kTaskNameBytes = 32 };

/// What a task knows between its steps; nano_core holds it for the task.
SEALED_DEFINE(task_progress_t, kTaskProgressBytes);

/// Index and generation of a task; {0, 0} names nothing.
typedef struct task {
  uint32_t index;
  uint32_t generation;
} task_t;

RESULT_DEFINE(task_result_t, task_t);

enum task_status { kTaskReady = 1, kTaskRunning, kTaskWaiting, kTaskEnded };

typedef struct task_info {
  char name[kTaskNameBytes];  // terminated
  uint32_t index;
  uint32_t status;  // enum task_status
  uint64_t steps;
  uint64_t preemptions;
} task_info_t;

/// Makes a task that begins with the next turn of the root.
/// @param name      at most 31 characters
/// @param step      its step; the task holds the reference from now on
/// @param progress  copied into the task's own memory
/// @errors   NO_MEMORY: the task table or memory is exhausted. STALE: `step`. Nothing is made.
CELL_EXPORT task_result_t task_spawn(text_t name, reference_t step,
                                     LENT const task_progress_t *progress);

/// Ends a task between two of its steps.
/// @errors   STALE: it has ended. BUSY: its step is being made; try again.
CELL_EXPORT status_t task_cancel(task_t task);

/// Describes the task in place `index` of the task table.
/// @errors   NOT_FOUND: no task there. OUT_OF_RANGE: past the table's end.
CELL_EXPORT status_t task_describe(uint64_t index, OUT task_info_t *info);

/// Asks for the running task to be preempted as soon as it may be. For the timer.
/// @context  interrupt handlers
CELL_EXPORT status_t task_preempt(void);

EXTERN_C_END
