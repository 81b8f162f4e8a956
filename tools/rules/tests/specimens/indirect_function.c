// SPDX-License-Identifier: MIT
#include "nano_core/api/cell.h"

CELL_EXPORT status_t specimen_run(LENT event_t *events);

static status_t plain(event_t *events) { return events == nullptr ? OK : ERR(INTERNAL); }
static status_t (*choose(void))(event_t *events) { return plain; }
static status_t chosen(event_t *events) __attribute__((ifunc("choose")));

status_t specimen_run(event_t *events) { return chosen(events); }
