// SPDX-License-Identifier: MIT
// Integers that become pointers by another name.
#include "nano_core/api/cell.h"

union direct {  // refused: union-with-pointer
  uint64_t integer;
  uint8_t *pointer;
};

typedef union {  // refused: union-with-pointer
  uint64_t integer;
  text_t text;
} nested_t;

CELL_EXPORT status_t specimen_poke(uint64_t address) {
  const union direct direct = {.integer = address};
  const nested_t nested = {.integer = address};
  return *direct.pointer == 0 && nested.text.length == 0 ? OK : ERR(INTERNAL);
}
