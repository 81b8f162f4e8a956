// SPDX-License-Identifier: MIT
/// @file
/// The shell's command `bench`: benchmarks inside the running system.
/// @spill none: all progress stands in the command_t.
#pragma once
#include "nano_core/api/cell.h"
#include "nano_core/api/task.h"
#include "patterns/command.h"
EXTERN_C_BEGIN

/// One step of `bench [NAME...]` (patterns/command.h).
/// @errors   those that the command answers
/// @context  steps of the shell
CELL_EXPORT status_t command_bench_step(LENT command_t *command);

/// One step of a task that a benchmark makes; for the command itself.
/// @errors   END: it is done. Those of what it calls; the benchmark fails then.
/// @context  steps of such a task
CELL_EXPORT status_t command_bench_task_step(LENT task_progress_t *progress);

EXTERN_C_END
