// SPDX-License-Identifier: MIT
/// @file
/// The undo log of a processor (api/undo_log.h): entries grow upwards, each with its kind in its
/// last eight bytes, so the log is read from the top down.
///
///   word   before, place                    place is a multiple of 8
///   range  before (padded), place, bytes    the last one is twice their number plus 1
#pragma once
#include "nano_core/core/core.h"

/// Puts back what the entries in [mark, top) say, newest first.
void undo_run(uint64_t mark, uint64_t top);

/// Whether an address that was written to lies right behind a log of this processor.
bool undo_log_is_full(const cpu_t *cpu, uint64_t address);
