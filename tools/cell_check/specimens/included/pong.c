// SPDX-License-Identifier: MIT
// The other half.
#include "nano_core/api/cell.h"

CELL_EXPORT status_t specimen_pong(uint64_t n);
CELL_EXPORT status_t specimen_ping(uint64_t n);

status_t specimen_pong(uint64_t n) { return n == 0 ? OK : specimen_ping(n - 1); }
