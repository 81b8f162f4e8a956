// SPDX-License-Identifier: MIT
// What a macro of nano_core/api does is its own affair; what the cell gives it is the cell's.
#include "nano_core/api/cell.h"

typedef struct specimen_state {
  monitor_t monitor;
  uint64_t count GUARDED_BY(&monitor);
} specimen_state_t;

STATE(specimen_state_t, specimen_state);

CELL_EXPORT status_t specimen_set(LENT const uint64_t *values) {
  monitor_enter(&state_specimen_state->monitor);
  state_set(&state_specimen_state->count, values[1]);          // refused: raw-index
  state_set(&state_specimen_state->count, *(uint64_t *)0x10);  // refused: integer-to-pointer
  monitor_exit(&state_specimen_state->monitor);
  return OK;
}
