// SPDX-License-Identifier: MIT
// Calls that do not say what they carry.
#include "nano_core/api/cell.h"

static uint64_t sum(uint64_t count, ...) {  // refused: varargs
  __builtin_va_list list;
  __builtin_va_start(list, count);  // refused: varargs
  __builtin_va_end(list);           // refused: varargs
  return count;
}

CELL_EXPORT u64_result_t specimen_sum(void) { return (u64_result_t){.value = sum(1, 2)}; }
