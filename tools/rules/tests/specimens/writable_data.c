// SPDX-License-Identifier: MIT
#include "nano_core/api/cell.h"

static uint64_t counter = 1;

CELL_EXPORT status_t specimen_run(LENT event_t *events);

status_t specimen_run(event_t *events) {
  counter += events->index;
  return counter == 0 ? OK : ERR(INTERNAL);
}
