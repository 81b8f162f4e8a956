// SPDX-License-Identifier: MIT
/// @file
/// What nano_core knows of the machine and of its own command line. Served by nano_core.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/ownership.h"
#include "nano_core/api/span.h"
#include "nano_core/api/status.h"
EXTERN_C_BEGIN

/// Whether `word` stands on the kernel command line (words are separated by blanks).
CELL_EXPORT bool_result_t machine_option(text_t word);

/// Copies what follows `name=` on the kernel command line.
/// @returns  its length
/// @errors   NOT_FOUND
CELL_EXPORT size_result_t machine_option_value(text_t name, LENT text_buffer_t value);

/// The emergency console: the first serial line, polled. For the one case that the cells which
/// serve the console are gone.
/// @errors   emergency_read: WOULD_BLOCK: no character is there; nothing is watched.
CELL_EXPORT status_t emergency_write(text_t text);
CELL_EXPORT u32_result_t emergency_read(void);

/// The cost of the benchmark `name` of nano_core itself, in cycles (instructions under icount):
/// "gate.call", "gate.direct".
/// @errors   NOT_FOUND
CELL_EXPORT u64_result_t machine_measure(text_t name);

EXTERN_C_END
