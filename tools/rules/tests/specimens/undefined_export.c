// SPDX-License-Identifier: MIT
#include "nano_core/api/cell.h"

CELL_EXPORT status_t specimen_run(LENT event_t *events);
CELL_EXPORT status_t specimen_other(LENT event_t *events);

status_t specimen_other(event_t *events) { return events == nullptr ? OK : ERR(INTERNAL); }
