// SPDX-License-Identifier: MIT
/// @file
/// A cell that calls another one.
/// @spill none
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// Three times `a`, by the adder.
/// @errors   those of adder_add
CELL_EXPORT u64_result_t adder_client_triple(uint64_t a);

EXTERN_C_END
