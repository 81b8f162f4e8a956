// SPDX-License-Identifier: MIT
// Jumps whose target is data.
#include "nano_core/api/cell.h"

CELL_EXPORT status_t specimen_jump(uint64_t a) {
  const void *const target = a == 0 ? &&zero : &&other;  // refused: computed-goto
  goto *target;                                          // refused: computed-goto
zero:
  return OK;
other:
  return ERR(INTERNAL);
}
