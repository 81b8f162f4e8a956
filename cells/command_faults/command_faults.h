// SPDX-License-Identifier: MIT
/// @file
/// The shell's command `faults`: the faults that ended calls.
/// @spill none: all progress stands in the command_t; the record is nano_core's.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/command.h"
EXTERN_C_BEGIN

/// One step of `faults [NUMBER]` (patterns/command.h).
/// @errors   those that the command answers
/// @context  steps of the shell
CELL_EXPORT status_t command_faults_step(LENT command_t *command);

EXTERN_C_END
