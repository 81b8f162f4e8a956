// SPDX-License-Identifier: MIT
/// @file
/// The shell's command `iface`: the functions that cells publish, with fingerprint and shape.
/// @spill none: all progress stands in the command_t.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/command.h"
EXTERN_C_BEGIN

/// One step of `iface [NAME]` (patterns/command.h).
/// @errors   those that the command answers
/// @context  steps of the shell
CELL_EXPORT status_t command_iface_step(LENT command_t *command);

EXTERN_C_END
