// SPDX-License-Identifier: MIT
// Arrays whose length comes from outside.
#include "nano_core/api/cell.h"

CELL_EXPORT u64_result_t specimen_sum(uint64_t length) {
  uint64_t items[length];          // refused: variable-length-array
  typedef uint64_t row_t[length];  // refused: variable-length-array
  row_t *row = nullptr;            // refused: variable-length-array
  items[0] = sizeof(*row);
  return (u64_result_t){.value = items[0]};
}
