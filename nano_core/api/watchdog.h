// SPDX-License-Identifier: MIT
/// @file
/// The watchdog ends calls that do not end by themselves, with TIMEOUT; and those of a task that
/// was cancelled, with CANCELLED. Its ticks are NMIs, so it works with interrupts off, too. Served
/// by nano_core.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/status.h"
EXTERN_C_BEGIN

/// Tells that the timer's ticks come as NMIs from now on. The processor that takes one interrupts
/// itself with `vector`, so its handler is called as if the line signalled by that vector.
/// @param vector  32 to 239
/// @errors   OUT_OF_RANGE
/// @context  any; never waits
CELL_EXPORT status_t watchdog_start(uint64_t vector);

EXTERN_C_END
