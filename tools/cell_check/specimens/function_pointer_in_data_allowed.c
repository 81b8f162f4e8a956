// SPDX-License-Identifier: MIT
// Calls by name, and references.
#include "nano_core/api/cell.h"

static uint64_t twice(uint64_t a) { return 2 * a; }

CELL_EXPORT u64_result_t specimen_apply(reference_t step, uint64_t a) {
  return reference_call(step, (twice)(a), 0, 0, 0, 0);
}
