// SPDX-License-Identifier: MIT
// Attributes that move things, run things, or take checks away; and some that do not.
#include "nano_core/api/cell.h"

__attribute__((section(".mine"))) static const uint64_t kMine = 1;  // refused: attribute

__attribute__((constructor)) static void begin(void) {}  // refused: attribute

static __attribute__((noinline, no_sanitize("bounds"))) uint64_t odd(void) {  // refused: attribute
  return kMine;
}

[[clang::no_thread_safety_analysis]] static uint64_t even(void) {  // refused: attribute
  return kMine;
}

[[nodiscard]] static uint64_t fine([[maybe_unused]] uint64_t a) { return 1; }

typedef struct __attribute__((aligned(16), packed)) row {
  uint8_t items[16];
} row_t;

CELL_EXPORT u64_result_t specimen_run(LENT const row_t *row) {
  begin();
  const uint8_t table[2][2] = {{1, 2}, {3, 4}};
  const uint8_t bracket = row->items[table[1][1]];
  return (u64_result_t){.value = odd() + even() + fine(1) + bracket};
}
