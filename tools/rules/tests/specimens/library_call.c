// SPDX-License-Identifier: MIT
#include "nano_core/api/cell.h"

size_t strlen(const char *text);

CELL_EXPORT status_t specimen_run(LENT event_t *events);

status_t specimen_run(event_t *events) {
  return strlen((const char *)events) == 0 ? OK : ERR(INTERNAL);
}
