// SPDX-License-Identifier: MIT
// Jumps out of calls.
#include "nano_core/api/cell.h"

CELL_EXPORT status_t specimen_jump(void) {
  void *place[5] = {};
  if (__builtin_setjmp(place) != 0) return ERR(INTERNAL);  // refused: setjmp
  __builtin_longjmp(place, 1);                             // refused: setjmp
}
