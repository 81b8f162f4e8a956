// SPDX-License-Identifier: MIT
// Errors that are handled, passed on, or dropped with a reason; values that are no status.
#include "nano_core/api/cell.h"

CELL_EXPORT status_t specimen_keep(event_t event, uint64_t unused) {
  (void)unused;
  status_ignore(event_signal(event), "a waiter that is gone needs no wake-up");
  if (status_is(event_watch(event), STATUS_STALE)) return ERR(STALE);
  TRY(event_signal(event));
  return checked_add(1, 2).status;
}
