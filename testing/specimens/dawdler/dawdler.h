// SPDX-License-Identifier: MIT
/// @file
/// Takes its time: for what is done while a call is under way.
/// @spill none: no data.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// Answers when so many cycles have gone by.
/// @param cycles  of the processor that it runs on
/// @returns  `question` plus one
/// @context  steps; takes as long as it is told, and can be preempted meanwhile
CELL_EXPORT u64_result_t dawdler_answer(uint64_t cycles, uint64_t question);

EXTERN_C_END
