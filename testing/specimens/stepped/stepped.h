// SPDX-License-Identifier: MIT
/// @file
/// A task each of whose steps asks stepped_callee one question twice, by a call and through a
/// reference, and counts what became of it.
/// testing/step goes through such a step one instruction at a time.
/// @spill the counts, in the blob stepped_counts.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// The blob stepped_counts. What was asked and is in none of the others failed with its whole step.
typedef struct stepped_counts {
  monitor_t monitor;
  uint64_t asked;
  uint64_t right;
  uint64_t wrong;
  uint64_t failed;        // answered FAULT
  reference_t reference;  // to what it asks
} stepped_counts_t;

/// Makes the task, which never ends by itself.
/// @errors   those of reference_obtain and task_spawn
/// @context  steps
CELL_EXPORT status_t stepped_start(void);

/// A step of it.
CELL_EXPORT status_t stepped_step(LENT task_progress_t *progress);

EXTERN_C_END
