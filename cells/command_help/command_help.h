// SPDX-License-Identifier: MIT
/// @file
/// The shell's command `help`: lists the commands of the archive, or explains one: its
/// usage, and what the words of that mean.
/// @spill none: all progress stands in the command_t.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/command.h"
EXTERN_C_BEGIN

/// One step of `help [COMMAND]` (patterns/command.h).
/// @errors   those that the command answers
/// @context  steps of the shell
CELL_EXPORT status_t command_help_step(LENT command_t *command);

EXTERN_C_END
