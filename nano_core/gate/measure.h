// SPDX-License-Identifier: MIT
/// @file
/// The loop that times a call, the same instructions whatever is called; also timed on the host.
#pragma once
#include "nano_core/api/types.h"
EXTERN_C_BEGIN

/// Calls `entry` `count` times.
void measure_calls(uint64_t entry, uint64_t count);

/// A function that does nothing: the callee.
extern const char measure_nothing[];

EXTERN_C_END
