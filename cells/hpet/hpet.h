// SPDX-License-Identifier: MIT
/// @file
/// The high precision event timer: a source of ticks (patterns/tick_source.h).
/// @spill   none in the cell; where the registers are mapped stands in the blob `hpet_registers`.
/// @source  IA-PC HPET specification 1.0a, sections 2.3 and 3.2.4.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/tick_source.h"
EXTERN_C_BEGIN

/// Finds the device by the firmware's table, checks that it answers and counts, and starts the
/// ticks: in place of the interval timer (legacy replacement) where that reaches the timer's line,
/// else on a line of the ISA bus that no usual device has.
/// @errors   NOT_FOUND: the firmware names none. IO_ERROR: it answers nonsense, or does not count.
///           UNSUPPORTED: it has no periodic timer that reaches such a line. And those of
///           address_space_mapper_map_device. The device then makes no ticks.
/// @context  steps; never waits
CELL_EXPORT status_t hpet_start(OUT tick_source_t *source);

/// Ends the ticks, and gives the interval timer its line back. It can be started again.
/// @errors   NOT_FOUND: it does not run.
/// @context  any; never waits
CELL_EXPORT status_t hpet_stop(void);

/// The lower 32 bits of the device's counter.
/// @errors   NOT_FOUND: it does not run.
/// @context  any, interrupt handlers included; never waits
CELL_EXPORT u64_result_t hpet_counter(void);

/// Called by nano_core when the interface is first needed.
/// @errors   NOT_FOUND: the blob is not there.
CELL_EXPORT status_t hpet_initialize(void);

EXTERN_C_END
