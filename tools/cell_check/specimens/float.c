// SPDX-License-Identifier: MIT
// Numbers that need other registers.
#include "nano_core/api/cell.h"

struct measure {
  double value;  // refused: float
};

CELL_EXPORT u64_result_t specimen_half(uint64_t a) {
  const float half = 0.5f;                                     // refused: float
  return (u64_result_t){.value = a * (uint64_t)(half + 1.0)};  // refused: float
}
