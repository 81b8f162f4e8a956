// SPDX-License-Identifier: MIT
// Stack of a length that comes from outside.
#include "nano_core/api/cell.h"

CELL_EXPORT status_t specimen_take(uint64_t length) {
  uint8_t *const room = __builtin_alloca(length);  // refused: alloca
  *room = 1;
  return OK;
}
