// SPDX-License-Identifier: MIT
// One half of a circle that goes through two files of one cell.
#include "nano_core/api/cell.h"

CELL_EXPORT status_t specimen_pong(uint64_t n);
CELL_EXPORT status_t specimen_ping(uint64_t n);

status_t specimen_ping(uint64_t n) { return n == 0 ? OK : specimen_pong(n - 1); }
