// SPDX-License-Identifier: MIT
/// @file
/// The undo log of a processor (api/undo_log.h): entries grow upwards, each with its kind in its
/// last eight bytes, so the log is read from the top down.
///
///   word   before, place                    place is a multiple of 8
///   three  before, before, before, place    place is 2 more than that
///   range  before (padded), place, bytes    the last one is twice their number plus 1
#pragma once
#include "nano_core/api/undo_log.h"
EXTERN_C_BEGIN

/// The room that so many bytes take.
static inline uint64_t undo_padded(uint64_t bytes) { return (bytes + 7) & ~UINT64_C(7); }

/// Puts back what the entries in [mark, top) say, newest first.
void undo_run(uint64_t mark, uint64_t top);

EXTERN_C_END
