// SPDX-License-Identifier: MIT
// A function that two others call, and a chain that ends.
#include "nano_core/api/cell.h"

static uint64_t leaf(uint64_t n) { return n + 1; }
static uint64_t left(uint64_t n) { return leaf(leaf(n)); }
static uint64_t right(uint64_t n) { return left(n) + leaf(n); }

CELL_EXPORT u64_result_t specimen_run(uint64_t n) { return (u64_result_t){.value = right(n)}; }
