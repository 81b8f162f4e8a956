// SPDX-License-Identifier: MIT
/// @file
/// Finds the handler of a device interrupt. A handler is a published function behind a reference,
/// so a driver that is swapped keeps its line.
/// @spill   none in the cell; who handles what is in the blob `interrupt_dispatch_table`.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum {
  kInterruptLines = 24,
  kInterruptFirstVector = 32,  // line 0; the processor keeps the vectors below
  kInterruptNameBytes = 48,
};

typedef struct interrupt_info {
  uint32_t line;
  uint32_t vector;
  uint64_t count;                  // interrupts taken
  uint64_t errors;                 // of them, those whose handler did not answer OK
  char name[kInterruptNameBytes];  // who registered; terminated
} interrupt_info_t;

/// Makes the table ready for interrupts. Called by nano_core, once.
CELL_EXPORT status_t interrupt_dispatch_initialize(void);

/// Connects a line to its handler and lets it through. The handler is called without arguments,
/// with interrupts off, and answers a status. Registering the same handler again changes nothing.
/// @param line     0 .. kInterruptLines - 1; its vector is kInterruptFirstVector + line
/// @param handler  of a function NAME_interrupt; the table holds the reference from now on
/// @param name     of the driver; people read it; cut at 47 characters
/// @errors   OUT_OF_RANGE: `line`. INVALID_ARGUMENT: no reference. ALREADY_EXISTS: another handler
///           has the line. And those of interrupt_controller_enable. Nothing is changed.
/// @context  steps; never waits
CELL_EXPORT status_t interrupt_dispatch_register(uint64_t line, reference_t handler, text_t name);

/// Masks a line and releases its handler.
/// @errors   OUT_OF_RANGE: `line`. NOT_FOUND: nobody has it.
/// @context  steps; never waits
CELL_EXPORT status_t interrupt_dispatch_unregister(uint64_t line);

/// Calls the handler of a vector. For nano_core, at each device interrupt; the end of interrupt is
/// nano_core's, whatever the answer.
/// @errors   OUT_OF_RANGE: not a vector of a line. NOT_FOUND: no handler. And the handler's own.
/// @context  interrupts
CELL_EXPORT status_t interrupt_dispatch_handle(uint64_t vector);

/// Describes the line in place `index` (0, 1, ...).
/// @errors   NOT_FOUND: nobody has it. END: past the last.
CELL_EXPORT status_t interrupt_dispatch_describe(uint64_t index, OUT interrupt_info_t *info);

EXTERN_C_END
