// SPDX-License-Identifier: MIT
/// @file
/// What the cell `stepped` calls: the other end of the gate that testing/step walks through.
/// @spill how often it answered, in the blob stepped_callee_answers.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// The complement of `question`, which no register has by chance.
/// @context  any but interrupt handlers; never waits
CELL_EXPORT u64_result_t stepped_callee_answer(uint64_t question);

EXTERN_C_END
