// SPDX-License-Identifier: MIT
/// @file
/// Background loads that check themselves. Each runs as several tasks, its workers: `calls` calls
/// many cells and checks each answer, by the steps of the cell load_calls; `keys` sends numbered
/// scan codes through the keyboard controller and checks their order; `alloc` allocates and frees
/// frames and heap blocks and checks that nobody else touches them; `tasks` makes and joins tasks
/// and checks what they did; `timers` sleeps and checks when it wakes.
/// @spill none outside of the declared state: the counters, and what the workers of one load, or a
///        worker and its children, have to know of each other. What a worker works on stands in its
///        task's progress.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum { kLoadGeneratorNameBytes = 16 };

enum load_generator_status {
  kLoadGeneratorIdle = 0,  // was never started
  kLoadGeneratorRunning,
  kLoadGeneratorStopping,
  kLoadGeneratorStopped,
  kLoadGeneratorStarting,
};

/// What a load has done since it was last started, all workers together.
typedef struct load_report {
  char name[kLoadGeneratorNameBytes];  // terminated
  uint32_t status;                     // enum load_generator_status
  uint32_t workers;                    // that were started
  uint64_t operations;
  uint64_t lost;      // keys, children or sleepers that did not come back
  uint64_t errors;    // wrong answers, and workers that ended by themselves
  uint64_t retries;   // calls that found nobody, or somebody busy, and were made again
  uint64_t external;  // keys from outside that arrived meanwhile (keys only)
  uint64_t worst_ns;  // tasks: the longest from making to joining a child; timers: the latest wake
  uint64_t run_ns;    // from the start until now, or until it stopped
  // The first worker that lost something or met a wrong answer, and the first that ended by itself
  // (it failed, or was killed); empty: none.
  char wrong[kLoadGeneratorNameBytes];
  char ended[kLoadGeneratorNameBytes];
} load_report_t;

/// Starts a load with all counters at zero: a worker for each processor that is online (at least
/// two for tasks and timers, one for keys). None works before all are there.
/// @param name  calls, keys, alloc, tasks or timers
/// @errors   NOT_FOUND: no such load. BUSY: it runs. And those of timer_now, reference_obtain and
///           task_spawn; nothing is started then.
/// @context  steps
CELL_EXPORT status_t load_generator_start(LENT text_t name);

/// Asks a load to stop, and tells whether it has: each worker gives back all that it holds, and is
/// gone. One that does not within five seconds is cancelled, which counts as an error of its own.
/// @errors   NOT_FOUND: no such load. WOULD_BLOCK: it is stopping; its end is watched: call again.
///           And those of timer_now.
/// @context  steps
CELL_EXPORT status_t load_generator_stop(LENT text_t name);

/// Describes the load in place `index` (0, 1, ...).
/// @errors   END: past the last. And those of timer_now.
/// @context  steps
CELL_EXPORT status_t load_generator_describe(uint64_t index, OUT load_report_t *report);

/// The same for the `worker`-th worker of that load alone; its name is that of its task.
/// @errors   END: past the last worker of that load, or past the last load. And those of timer_now.
/// @context  steps
CELL_EXPORT status_t load_generator_describe_worker(uint64_t index, uint64_t worker,
                                                    OUT load_report_t *report);

/// What a worker knows about itself. It stands first in the worker's progress; the start of the
/// load puts it there, and nothing else.
typedef struct load_worker {
  uint64_t load;    // place of its load
  uint64_t run;     // which start of the load made it
  uint64_t number;  // among the workers of the load
  uint64_t random;  // a seed of its own
} load_worker_t;

/// What one batch of operations brought; the members of load_report_t say what is counted.
typedef struct load_batch {
  uint64_t operations;
  uint64_t lost;
  uint64_t errors;
  uint64_t retries;
  uint64_t external;
  uint64_t worst_ns;
} load_batch_t;

/// How the progress of a worker of `calls` is sealed.
enum { kLoadCallsTag = SEALED_TAG('L', 'C', 'A', 'L'), kLoadCallsVersion = 4 };

/// Begins a step of a worker whose load is in another cell. It waits until all workers of its load
/// are there.
/// @param batch  what its steps have brought since this was last OK; now it is counted
/// @returns  whether it is to give back what it holds, and leave; false: it is to work
/// @errors   WOULD_BLOCK: the start is watched. END: it is not wanted; its task is to end.
///           OUT_OF_RANGE: no such worker. Nothing is counted then.
/// @context  steps
CELL_EXPORT bool_result_t load_generator_begin(LENT const load_worker_t *worker,
                                               LENT const load_batch_t *batch);

/// Tells that such a worker, which was to leave, holds nothing any more; its task is to end.
/// @errors   OUT_OF_RANGE: no such worker.
/// @context  steps
CELL_EXPORT status_t load_generator_leave(LENT const load_worker_t *worker);

/// The steps of the workers: a batch of operations each, well under half a millisecond.
CELL_EXPORT status_t load_generator_keys_step(LENT task_progress_t *progress);
CELL_EXPORT status_t load_generator_alloc_step(LENT task_progress_t *progress);
CELL_EXPORT status_t load_generator_tasks_step(LENT task_progress_t *progress);
CELL_EXPORT status_t load_generator_timers_step(LENT task_progress_t *progress);

/// The steps of the children that workers of `tasks` and `timers` make.
CELL_EXPORT status_t load_generator_child_step(LENT task_progress_t *progress);
CELL_EXPORT status_t load_generator_sleeper_step(LENT task_progress_t *progress);

/// Makes the event that tells of a load's start and of a worker's end.
CELL_EXPORT status_t load_generator_initialize(void);

EXTERN_C_END
