// SPDX-License-Identifier: MIT
// Instructions that no right covers, as a statement, at file scope, and as a label.
#include "nano_core/api/cell.h"

#define STOP __asm__ volatile("hlt")  // refused: inline-assembly

__asm__(".globl hidden");  // refused: inline-assembly

CELL_EXPORT status_t specimen_stop(void) {
  STOP;          // the macro is refused where it is defined
  __asm("cli");  // refused: inline-assembly
  return OK;
}

CELL_EXPORT status_t specimen_alias(void) __asm__("other");  // refused: inline-assembly
