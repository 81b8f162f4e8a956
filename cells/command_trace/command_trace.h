// SPDX-License-Identifier: MIT
/// @file
/// The shell's command `trace`: prints the last events of the system, as a table or as JSON that
/// trace viewers read.
/// @spill none: all progress stands in the command_t.
/// @source  "Trace Event Format", Google, 2016: phases X, B, E, i and M.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/command.h"
EXTERN_C_BEGIN

/// One step of `trace [json]` (patterns/command.h).
/// @errors   those that the command answers
/// @context  steps of the shell
CELL_EXPORT status_t command_trace_step(LENT command_t *command);

EXTERN_C_END
