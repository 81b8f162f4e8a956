// SPDX-License-Identifier: MIT
/// @file
/// The stacks of a processor: those that interrupts enter on, the root's, the loader's, the gate
/// stacks of handlers and root, and the undo logs.
#pragma once
#include "nano_core/core/core.h"

/// Makes them, and sets what names them in the block.
/// @errors   NO_MEMORY: none is made
/// @context  root or step
status_t stacks_create(cpu_t *cpu);

/// What tasks (kCpuStackUndo) or handlers (kCpuStackInterruptUndo) begin with. The first
/// page is for what is stored outside of monitors.
undo_level_t undo_level(cpu_t *cpu, enum cpu_stack stack);

/// Frees them.
void stacks_destroy(cpu_t *cpu);

/// Loads the descriptor tables of this processor; interrupts enter on its stacks from here on.
void stacks_load(cpu_t *cpu);
