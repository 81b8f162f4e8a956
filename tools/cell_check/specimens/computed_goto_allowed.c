// SPDX-License-Identifier: MIT
// Jumps whose target stands in the source.
#include "nano_core/api/cell.h"

CELL_EXPORT status_t specimen_jump(uint64_t a) {
  if (a == 0) goto zero;
  switch (a) {
    case 1:
      return ERR(BUSY);
    default:
      return ERR(INTERNAL);
  }
zero:
  return OK;
}
