// SPDX-License-Identifier: MIT
// Serves the interface `adder`, but with another type: what a client must never be led to.
#include "nano_core/api/cell.h"

CELL_EXPORT u64_result_t adder_add(uint64_t a, uint64_t b, uint64_t c);

u64_result_t adder_add(uint64_t a, uint64_t b, uint64_t c) {
  return (u64_result_t){.value = a + b + c};
}
