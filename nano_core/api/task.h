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

/// A task's progress and what nano_core and the scheduler know about it share one frame.
enum { kTaskProgressBytes = 3552, kTaskNameBytes = 32 };

/// What a task knows between its steps; nano_core holds it for the task.
SEALED_DEFINE(task_progress_t, kTaskProgressBytes);

/// Index and generation of a task; {0, 0} names nothing.
typedef struct task {
  uint32_t index;
  uint32_t generation;
} task_t;

RESULT_DEFINE(task_result_t, task_t);

/// Ready: it may be run, and waits for a processor. Cancelled tasks end when their step does.
enum task_status { kTaskReady = 1, kTaskRunning, kTaskWaiting, kTaskEnded };

typedef struct task_info {
  char name[kTaskNameBytes];  // terminated
  uint32_t index;
  uint32_t generation;
  uint32_t status;     // enum task_status
  uint32_t processor;  // that it runs on, or ran on last
  uint64_t steps;
  uint64_t preemptions;
  uint64_t ran;           // cycles, in all
  uint64_t step_started;  // cycle counter when the step under way began; 0: none is
  uint64_t priority;      // the three of api/schedule.h
  uint64_t weight;
  uint64_t deadline;
  status_t result;  // of a task that has ended and was not joined
} task_info_t;

/// Makes a task; nobody can join it.
/// @param name      at most 31 characters
/// @param step      its step; the task holds the reference from now on
/// @param progress  copied into the task's own memory
/// @errors   NO_MEMORY: the task table or memory is exhausted. STALE: `step`. Nothing is made.
/// @context  steps; never waits
CELL_EXPORT task_result_t task_spawn(text_t name, reference_t step,
                                     LENT const task_progress_t *progress);

/// Makes a task whose result is kept until somebody has joined it, or the task that makes it has
/// ended.
/// @errors   as task_spawn
/// @context  steps; never waits
CELL_EXPORT task_result_t task_spawn_joinable(text_t name, reference_t step,
                                              LENT const task_progress_t *progress);

/// How a task ended.
typedef struct task_end {
  status_t result;  // END: it was done; CANCELLED; or the error that its step answered
  uint64_t steps;
} task_end_t;

/// Asks for the result of a task; given once, after which the handle is stale.
/// @errors   WOULD_BLOCK: it has not ended; its end is watched. INVALID_ARGUMENT: the caller's own
///           task. STALE: joined already, or never joinable and ended. UNSUPPORTED: not joinable.
/// @context  steps
CELL_EXPORT status_t task_join(task_t task, OUT task_end_t *end);

/// Ends a task between two of its steps: one that is in a step ends with that step. If that does
/// not end within a tenth of a second of its own time, the calls that it is in are ended, too: each
/// answers CANCELLED.
/// @errors   STALE: it has ended. CANCELLED: it was asked before. DENIED: the machine needs it.
/// @context  any but interrupt handlers
CELL_EXPORT status_t task_cancel(task_t task);

/// The task whose step this is.
/// @errors   NOT_FOUND: no step, but an interrupt handler or an initialisation
CELL_EXPORT task_result_t task_self(void);

/// Gives way to other tasks when this step ends.
CELL_EXPORT status_t task_yield(void);

/// Describes the task in place `index` of the task table.
/// @errors   NOT_FOUND: no task there. OUT_OF_RANGE: past the table's end.
CELL_EXPORT status_t task_describe(uint64_t index, OUT task_info_t *info);

/// Has every processor that runs a task look for a better one, as soon as it may. For the timer.
/// @context  interrupt handlers
CELL_EXPORT status_t task_preempt(void);

EXTERN_C_END
