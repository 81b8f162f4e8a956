// SPDX-License-Identifier: MIT
/// @file
/// Finds the handler of a device interrupt. A handler is a published function behind a reference,
/// so a driver that is swapped keeps its line, or the vector of its messages.
/// @spill   none in the cell; who handles what is in the blob `interrupt_dispatch_table`.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum {
  kInterruptLines = 24,
  kInterruptMessages = 16,            // of devices that signal by writing to memory
  kInterruptFirstVector = 32,         // line 0; the processor keeps the vectors below
  kInterruptFirstMessageVector = 64,  // those in between are nobody's
  kInterruptNameBytes = 48,
};

/// In place of a line, for what is signalled by message.
static const uint32_t kInterruptNoLine = UINT32_MAX;

/// What a device has to write, and where, for its handler to be called.
typedef struct interrupt_message {
  uint64_t address;  // physical
  uint32_t data;
  uint32_t vector;
} interrupt_message_t;

typedef struct interrupt_info {
  uint32_t line;  // kInterruptNoLine: by message
  uint32_t vector;
  uint64_t count;                  // interrupts taken
  uint64_t counts[kProcessors];    // of them, those on each processor
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

/// Gives a vector to the handler of a device that signals by message (MSI, MSI-X). The handler is
/// called as that of a line. Registering the same handler again gives the same message.
/// @param handler  of a function NAME_interrupt; the table holds the reference from now on
/// @param name     of the driver; people read it; cut at 47 characters
/// @errors   INVALID_ARGUMENT: no reference. NO_MEMORY: all vectors are taken. Nothing is changed.
/// @context  steps; never waits
/// @source   Intel SDM volume 3, section 11.11: message signalled interrupts
CELL_EXPORT status_t interrupt_dispatch_register_message(reference_t handler, text_t name,
                                                         OUT interrupt_message_t *message);

/// Sends a line to another processor from now on; registering it anew brings it back to the first.
/// @param processor  its number, as of processor_describe
/// @errors   OUT_OF_RANGE: not a line, or no number of a processor. NOT_FOUND: nobody has the line.
///           UNAVAILABLE: the processor is not online. UNSUPPORTED: its local APIC has a number
///           that lines cannot name. Nothing is changed.
/// @context  steps; never waits
CELL_EXPORT status_t interrupt_dispatch_route(uint64_t line, uint64_t processor);

/// Makes the line of the timer that of the watchdog (nano_core/api/watchdog.h), too: it comes as
/// NMI from now on. Its handler is called as before.
/// @errors   OUT_OF_RANGE: not a line. NOT_FOUND: nobody has the line. UNSUPPORTED: it does not
///           signal by edges. Nothing is changed.
/// @context  steps; never waits
CELL_EXPORT status_t interrupt_dispatch_watch(uint64_t line);

/// Takes a vector back and releases its handler. The device must not send any more.
/// @param vector  of interrupt_dispatch_register_message
/// @errors   OUT_OF_RANGE: not a vector of messages. NOT_FOUND: nobody has it.
/// @context  steps; never waits
CELL_EXPORT status_t interrupt_dispatch_unregister_message(uint64_t vector);

/// Calls the handler of a vector. For nano_core, at each device interrupt; the end of interrupt is
/// nano_core's, whatever the answer. Handlers of different vectors may run at once on different
/// processors. A vector's own handler never does: where the line signals on one processor while the
/// handler still runs on another (an edge, just after the line was routed), that one calls it
/// again.
/// @errors   OUT_OF_RANGE: not a vector of a line or a message. NOT_FOUND: no handler. And the
/// handler's own.
/// @context  interrupts
CELL_EXPORT status_t interrupt_dispatch_handle(uint64_t vector);

/// Describe the line, or the vector of messages, in place `index` (0, 1, ...).
/// @errors   NOT_FOUND: nobody has it. END: past the last.
CELL_EXPORT status_t interrupt_dispatch_describe(uint64_t index, OUT interrupt_info_t *info);
CELL_EXPORT status_t interrupt_dispatch_describe_message(uint64_t index,
                                                         OUT interrupt_info_t *info);

EXTERN_C_END
