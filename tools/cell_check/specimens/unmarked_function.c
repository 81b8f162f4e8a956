// SPDX-License-Identifier: MIT
// Functions that others could link with, and another cell's function behind its header's back.
#include "nano_core/api/cell.h"

uint64_t specimen_helper(uint64_t a);  // refused: unmarked-function

uint64_t specimen_helper(uint64_t a) {  // refused: unmarked-function
  return a;
}

extern status_t log_write(text_t text);  // refused: unmarked-function

CELL_EXPORT status_t specimen_log(void) {
  return log_write(TEXT("x"));  // refused: library-call
}
