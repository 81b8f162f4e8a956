// SPDX-License-Identifier: MIT
/// @file
/// The first serial line: 115200 bits a second, 8 data bits, no parity, one stop bit.
/// @spill   none in the cell; characters that came and were not read yet are in the blob
///          `serial_port_input`, the state of the transmitter in `serial_port_output`.
/// @source  National Semiconductor PC16550D data sheet.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

typedef struct serial_port_counters {
  uint64_t received;
  uint64_t sent;
  uint64_t overruns;  // times that the device itself lost characters
} serial_port_counters_t;

/// Sets the line up. Called by nano_core when the cell is loaded.
/// @errors   those of reference_obtain and interrupt_dispatch_register
CELL_EXPORT status_t serial_port_initialize(void);

/// Sends characters as they are (LF stays LF). Up to 256 of them go out with nothing in between.
/// @errors   IO_ERROR: the line stopped taking characters; some may have been sent. While that
///           lasts, each call asks once and fails at once.
/// @context  steps; polls the device, up to 16 characters' time (1.4 ms) for each 16 characters
CELL_EXPORT status_t serial_port_write(text_t text);

/// Takes the oldest character that came.
/// @errors   WOULD_BLOCK: none is there; the event that tells is watched.
/// @context  steps; never waits
CELL_EXPORT u32_result_t serial_port_read(void);

/// The counters since boot.
CELL_EXPORT status_t serial_port_describe(OUT serial_port_counters_t *counters);

/// Sets the line up anew. Characters that wait in the blob stay; those in the device go.
/// @context  steps; never waits
CELL_EXPORT status_t serial_port_reset(void);

/// The handler of the line: fetches what came.
/// @context  interrupts
CELL_EXPORT status_t serial_port_interrupt(void);

EXTERN_C_END
