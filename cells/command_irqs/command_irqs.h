// SPDX-License-Identifier: MIT
/// @file
/// The shell's command `irqs`: lists the interrupt lines in use, with counts for each processor;
/// `irqs route LINE PROCESSOR` sends a line to another processor.
/// @spill none: all progress stands in the command_t.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/command.h"
EXTERN_C_BEGIN

/// One step of `irqs` (patterns/command.h).
/// @errors   those that the command answers
/// @context  steps of the shell
CELL_EXPORT status_t command_irqs_step(LENT command_t *command);

EXTERN_C_END
