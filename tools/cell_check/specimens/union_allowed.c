// SPDX-License-Identifier: MIT
// A union of numbers.
#include "nano_core/api/cell.h"

typedef union {
  uint64_t word;
  uint8_t bytes[8];
} word_t;

CELL_EXPORT u64_result_t specimen_first(uint64_t a) {
  const word_t word = {.word = a};
  return (u64_result_t){.value = word.bytes[0]};
}
