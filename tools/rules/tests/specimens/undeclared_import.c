// SPDX-License-Identifier: MIT
#include "nano_core/api/cell.h"

status_t log_write(text_t text);

CELL_EXPORT status_t specimen_run(LENT event_t *events);

status_t specimen_run(event_t *events) {
  return events->index == 0 ? log_write(TEXT("")) : ERR(INTERNAL);
}
