// SPDX-License-Identifier: MIT
#include "nano_core/api/cell.h"

CELL_EXPORT status_t specimen_run(LENT event_t *events);

// An address by way of a table that nobody here makes.
status_t specimen_run(event_t *events) {
  uint64_t address = 0;
  __asm__("movq event_signal@GOTPCREL(%%rip), %0" : "=r"(address));
  return address == events->index ? OK : ERR(INTERNAL);
}
