// SPDX-License-Identifier: MIT
/// @file
/// The shell's command `top`: shows which tasks use the processors.
/// @spill none: all progress stands in the command_t.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/command.h"
EXTERN_C_BEGIN

/// One step of `top [INTEGER]` (patterns/command.h).
/// @errors   those that the command answers
/// @context  steps of the shell
CELL_EXPORT status_t command_top_step(LENT command_t *command);

EXTERN_C_END
