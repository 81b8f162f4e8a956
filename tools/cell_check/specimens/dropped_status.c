// SPDX-License-Identifier: MIT
// Errors that nobody looks at.
#include "nano_core/api/cell.h"

CELL_EXPORT status_t specimen_drop(event_t event) {
  (void)event_signal(event);  // refused: dropped-status
  (void)checked_add(1, 2);    // refused: dropped-status
  const status_t status = event_signal(event);
  (void)(status);       // refused: dropped-status
  event_signal(event);  // refused: compile
  return OK;
}
