// SPDX-License-Identifier: MIT
// Casts that lie about what is there, or make a constant variable.
#include "nano_core/api/cell.h"

typedef struct pair {
  uint32_t a;
  uint32_t b;
} pair_t;

typedef struct specimen_state {
  monitor_t monitor;
  uint64_t count;
} specimen_state_t;

STATE(specimen_state_t, specimen_state);

CELL_EXPORT status_t specimen_cast(LENT uint8_t *bytes, LENT const pair_t *pair, LENT pair_t *out) {
  const uint32_t word = *(uint32_t *)bytes;               // refused: pointer-cast
  const pair_t *const hidden = (pair_t *)(void *)bytes;   // refused: pointer-cast
  ((pair_t *)pair)->a = word;                             // refused: pointer-cast
  ((specimen_state_t *)state_specimen_state)->count = 1;  // refused: pointer-cast
  const volatile uint32_t first = *(uint32_t *)out;       // refused: pointer-cast
  return hidden->a == first ? OK : ERR(INTERNAL);
}
