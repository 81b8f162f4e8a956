// SPDX-License-Identifier: MIT
// Breaches in a header that is included are reported there; the test names the line.
#include "tools/cell_check/specimens/included/pattern.h"

CELL_EXPORT u64_result_t specimen_pick(LENT const uint64_t *items) {
  return (u64_result_t){.value = pattern_pick(items, 1)};
}
