// SPDX-License-Identifier: MIT
/// @file
/// The interval timer that every PC has (8254): a source of ticks (patterns/tick_source.h).
/// @spill   none in the cell; whether it runs stands in the blob `pit_channels`.
/// @source  Intel 8254 data sheet; it counts at 1,193,182 Hz.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/tick_source.h"
EXTERN_C_BEGIN

/// Starts the ticks, by channel 0, and the counter, channel 2.
/// @context  steps; never waits
CELL_EXPORT status_t pit_start(OUT tick_source_t *source);

/// Channel 2, turned round so that it counts up; 16 bits.
/// @errors   NOT_FOUND: it was not started.
/// @context  any, interrupt handlers included; never waits
CELL_EXPORT u64_result_t pit_counter(void);

/// Called by nano_core when the interface is first needed.
/// @errors   NOT_FOUND: the blob is not there.
CELL_EXPORT status_t pit_initialize(void);

EXTERN_C_END
