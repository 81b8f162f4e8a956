// SPDX-License-Identifier: MIT
/// @file
/// The shell's command `mouse`: prints what the mouse did.
/// @spill none: all progress stands in the command_t.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/command.h"
EXTERN_C_BEGIN

/// One step of `mouse` (patterns/command.h).
/// @errors   those that the command answers
/// @context  steps of the shell
CELL_EXPORT status_t command_mouse_step(LENT command_t *command);

EXTERN_C_END
