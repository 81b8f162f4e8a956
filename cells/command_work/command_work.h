// SPDX-License-Identifier: MIT
/// @file
/// The shell's command `work`: background loads that check themselves.
/// @spill none: all progress stands in the command_t.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/command.h"
EXTERN_C_BEGIN

/// One step of `work start|stop|report|workers [all|NAME...]` (patterns/command.h).
/// @errors   those that the command answers
/// @context  steps of the shell
CELL_EXPORT status_t command_work_step(LENT command_t *command);

EXTERN_C_END
