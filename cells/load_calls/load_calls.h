// SPDX-License-Identifier: MIT
/// @file
/// The steps of the load `calls`, which load_generator starts, stops and describes. One operation
/// is one call (or a few whose answers belong together) of a cell that answers without side
/// effects, or of a command with words that it must refuse. Each answer is checked.
/// @spill none: what a worker knows stands in its task's progress.
#pragma once
#include "cells/load_generator/load_generator.h"
EXTERN_C_BEGIN

/// A step of a worker: a batch of operations, well under half a millisecond.
/// @param progress  sealed with kLoadCallsTag; begins with the load_worker_t
/// @errors   WOULD_BLOCK: the start of its load is watched. END: it is not wanted.
///           INVALID_OBJECT, STALE: not its progress. And those of calls of load_generator; the
///           step may be made again, and what the last one brought is not lost.
/// @context  steps of tasks
CELL_EXPORT status_t load_calls_step(LENT task_progress_t *progress);

EXTERN_C_END
