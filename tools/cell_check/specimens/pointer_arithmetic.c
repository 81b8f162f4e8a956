// SPDX-License-Identifier: MIT
// Pointers that walk.
#include "nano_core/api/cell.h"

CELL_EXPORT u64_result_t specimen_sum(LENT const uint8_t *bytes, uint64_t length) {
  uint8_t fixed[4] = {1, 2, 3, 4};
  uint64_t sum = *(fixed + 1);                     // refused: pointer-arithmetic
  const uint8_t *const end = bytes + length;       // refused: pointer-arithmetic
  for (const uint8_t *p = bytes; p != end; p++) {  // refused: pointer-arithmetic
    sum += *p;
  }
  bytes += 1;                                                     // refused: pointer-arithmetic
  return (u64_result_t){.value = sum + (uint64_t)(end - bytes)};  // refused: pointer-arithmetic
}

static uint64_t second(const uint64_t items[4]) {
  return *(items + 1);  // refused: pointer-arithmetic
}

CELL_EXPORT u64_result_t specimen_second(void) {
  const uint64_t fixed[4] = {1, 2, 3, 4};
  return (u64_result_t){.value = second(fixed)};
}
