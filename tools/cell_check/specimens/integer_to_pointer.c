// SPDX-License-Identifier: MIT
// Pointers out of nothing.
#include "nano_core/api/cell.h"

typedef uint16_t *screen_t;

CELL_EXPORT status_t specimen_poke(uint64_t address) {
  *(uint8_t *)address = 1;                         // refused: integer-to-pointer
  *(screen_t)0xb8000 = 1;                          // refused: integer-to-pointer
  uint32_t *const p = (void *)(uintptr_t)address;  // refused: integer-to-pointer
  *p = 1;
  return OK;
}
