// SPDX-License-Identifier: MIT
// Data that a cell would keep for itself.
#include "nano_core/api/cell.h"

static uint64_t counter;                      // refused: mutable-global
static uint64_t table[4] = {1, 2, 3, 4};      // refused: mutable-global
static const char *names[] = {"a", "b"};      // refused: mutable-global
static const char *const *cursor;             // refused: mutable-global
static _Thread_local const uint64_t own = 1;  // refused: mutable-global

CELL_EXPORT u64_result_t specimen_count(void) {
  return (u64_result_t){.value = counter + table[0] + own + (uint64_t)(names[0] == *cursor)};
}
