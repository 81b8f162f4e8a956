// SPDX-License-Identifier: MIT
/// @file
/// The shell's command `cpus`: lists the processors, what they do, and why others do not run.
/// @spill none: all progress stands in the command_t.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/command.h"
EXTERN_C_BEGIN

/// One step of `cpus` (patterns/command.h).
/// @errors   those that the command answers
/// @context  steps of the shell
CELL_EXPORT status_t command_cpus_step(LENT command_t *command);

EXTERN_C_END
