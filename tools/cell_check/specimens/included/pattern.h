// SPDX-License-Identifier: MIT
// A header under the dialect, which claims not to be.
#pragma once
#line 1 "nano_core/api/pattern.h"
#include "nano_core/api/cell.h"

static inline uint64_t pattern_pick(const uint64_t *items, size_t i) { return items[i]; }
