// SPDX-License-Identifier: MIT
/// @file
/// Adds, and counts how often it did: a small cell with every part that an object can have.
/// @spill the count, in the blob adder_count.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// The sum.
/// @errors   OUT_OF_RANGE: it does not fit in 64 bits.
/// @context  any; never waits
CELL_EXPORT u64_result_t adder_add(uint64_t a, uint64_t b);

/// How often adder_add has succeeded.
CELL_EXPORT u64_result_t adder_count(void);

EXTERN_C_END
