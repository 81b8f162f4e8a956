// SPDX-License-Identifier: MIT
/// @file
/// Doubles numbers: the example that a new cell begins with.
/// @spill  none
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// Doubles `number`.
/// @returns  twice `number`
/// @errors   OUT_OF_RANGE: that does not fit in 64 bits
/// @context  any; never waits
CELL_EXPORT u64_result_t new_cell_example_double(uint64_t number);

EXTERN_C_END
