// SPDX-License-Identifier: MIT
// Fixed arrays, also through a pointer to one, string literals, and spans.
#include "nano_core/api/cell.h"

typedef struct grid {
  uint64_t cells[4][4];
} grid_t;

CELL_EXPORT u64_result_t specimen_pick(LENT const grid_t *grid, text_t text, uint64_t i) {
  const uint64_t (*const row)[4] = &grid->cells[i % 4];
  uint64_t sum = grid->cells[i % 4][1] + (*row)[2] + (uint64_t)"0123"[i % 4];
  for (size_t at = 0; at < text.length; at++) sum += (uint64_t)*text_at(text, at);
  return (u64_result_t){.value = sum};
}
