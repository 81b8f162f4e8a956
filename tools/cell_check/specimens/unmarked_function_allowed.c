// SPDX-License-Identifier: MIT
// Static functions, and a mark on the prototype that counts for the definition.
#include "nano_core/api/cell.h"

CELL_EXPORT status_t specimen_run(void);

static inline bool is_odd(uint64_t a);
static bool is_odd(uint64_t a) { return a % 2 == 1; }

status_t specimen_run(void) { return is_odd(3) ? OK : ERR(INTERNAL); }
