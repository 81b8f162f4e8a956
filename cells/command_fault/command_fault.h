// SPDX-License-Identifier: MIT
/// @file
/// The shell's command `fault`: makes a later call of a cell fail.
/// @spill none: all progress stands in the command_t; what is pending is nano_core's.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/command.h"
EXTERN_C_BEGIN

/// One step of `fault NAME KIND [N]` or `fault kinds` (patterns/command.h).
/// @errors   those that the command answers
/// @context  steps of the shell
CELL_EXPORT status_t command_fault_step(LENT command_t *command);

EXTERN_C_END
