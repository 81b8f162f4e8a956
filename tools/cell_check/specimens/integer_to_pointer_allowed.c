// SPDX-License-Identifier: MIT
// The other way round, null pointers, and integers of other widths.
#include "nano_core/api/cell.h"

CELL_EXPORT u64_result_t specimen_address(LENT const void *memory) {
  const char *none = nullptr;
  if (memory == none || memory == NULL) return (u64_result_t){.status = ERR(INVALID_ARGUMENT)};
  return (u64_result_t){.value = (uint64_t)(uintptr_t)memory + (uint8_t)300};
}
