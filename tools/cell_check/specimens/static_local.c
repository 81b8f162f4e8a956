// SPDX-License-Identifier: MIT
// Data that a function would keep for itself.
#include "nano_core/api/cell.h"

CELL_EXPORT u64_result_t specimen_count(void) {
  static uint64_t counter;  // refused: static-local
  counter++;
  return (u64_result_t){.value = counter};
}
