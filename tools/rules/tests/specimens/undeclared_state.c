// SPDX-License-Identifier: MIT
#include "nano_core/api/cell.h"

typedef struct specimen_state {
  monitor_t monitor;
  uint64_t count;
} specimen_state_t;

STATE(specimen_state_t, specimen_state);

CELL_EXPORT status_t specimen_run(LENT event_t *events);

status_t specimen_run(event_t *events) {
  return events->index == state_specimen_state->count ? OK : ERR(INTERNAL);
}
