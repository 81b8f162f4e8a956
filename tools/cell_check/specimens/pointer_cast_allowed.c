// SPDX-License-Identifier: MIT
// To void and back from a provider's void, more const, the same type, characters as bytes.
#include "nano_core/api/cell.h"
#include "nano_core/api/memory.h"

typedef struct pair {
  uint32_t a;
  uint32_t b;
} pair_t;

CELL_EXPORT status_t specimen_cast(LENT void *memory, LENT pair_t *pair, text_t text) {
  pair_t *const placed = memory;
  *placed = *(const pair_t *)pair;
  placed->a = *(const uint8_t *)text_at(text, 0);
  const void *const plain = (const void *)placed;
  __builtin_memcpy(pair, plain, sizeof(*pair));
  return OK;
}
