// SPDX-License-Identifier: MIT
// Pointers that are indexed: nobody knows how far they reach.
#include "nano_core/api/cell.h"

typedef struct tail {
  uint64_t length;
  uint64_t items[];
} tail_t;

CELL_EXPORT u64_result_t specimen_pick(LENT const uint64_t *items, text_t text) {
  return (u64_result_t){.value = items[2]                    // refused: raw-index
                                 + (uint64_t)text.data[1]};  // refused: raw-index
}

static uint64_t last(const uint64_t items[4]) {
  return 3 [items];  // refused: raw-index
}

CELL_EXPORT u64_result_t specimen_tail(LENT const tail_t *tail, LENT const uint64_t *items) {
  return (u64_result_t){.value = tail->items[0] + last(items)};  // refused: raw-index
}
