// SPDX-License-Identifier: MIT
/// @file
/// Background loads that check themselves. Each is a task: `calls` calls many cells and checks each
/// answer; `keys` sends numbered scan codes through the keyboard controller and checks their order;
/// `alloc` allocates and frees frames and heap blocks and checks that nobody else touches them.
/// @spill none outside of the declared state `load_generator_counters`; what a load works on stands
///        in its task's progress.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum { kLoadGeneratorNameBytes = 16 };

enum load_generator_status {
  kLoadGeneratorIdle = 0,  // was never started
  kLoadGeneratorRunning,
  kLoadGeneratorStopping,
  kLoadGeneratorStopped,
};

/// What a load has done since it was last started.
typedef struct load_report {
  char name[kLoadGeneratorNameBytes];  // terminated
  uint32_t status;                     // enum load_generator_status
  uint64_t operations;
  uint64_t lost;      // keys that did not come back
  uint64_t errors;    // wrong answers
  uint64_t retries;   // calls that found nobody, or somebody busy, and were made again
  uint64_t external;  // keys from outside that arrived meanwhile (keys only)
  uint64_t run_ns;    // from the start until now, or until it stopped
} load_report_t;

/// Starts a load with all counters at zero.
/// @param name  calls, keys or alloc
/// @errors   NOT_FOUND: no such load. BUSY: it runs. And those of timer_now, reference_obtain and
///           task_spawn; nothing is started then.
/// @context  steps
CELL_EXPORT status_t load_generator_start(LENT text_t name);

/// Asks a load to stop, and tells whether it has; it gives back all that it holds first. One that
/// does not stop within five seconds is cancelled, which counts as an error of its own.
/// @errors   NOT_FOUND: no such load. WOULD_BLOCK: it is stopping; its end is watched: call again.
/// @context  steps
CELL_EXPORT status_t load_generator_stop(LENT text_t name);

/// Describes the load in place `index` (0, 1, ...).
/// @errors   END: past the last. And those of timer_now.
/// @context  steps
CELL_EXPORT status_t load_generator_describe(uint64_t index, OUT load_report_t *report);

/// The steps of the loads' tasks: a batch of operations each, well under a millisecond.
CELL_EXPORT status_t load_generator_calls_step(LENT task_progress_t *progress);
CELL_EXPORT status_t load_generator_keys_step(LENT task_progress_t *progress);
CELL_EXPORT status_t load_generator_alloc_step(LENT task_progress_t *progress);

/// Makes the event that tells of a load's end.
CELL_EXPORT status_t load_generator_initialize(void);

EXTERN_C_END
