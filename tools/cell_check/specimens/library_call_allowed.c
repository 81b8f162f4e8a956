// SPDX-License-Identifier: MIT
// What computes and nothing else, nano_core's functions, and its macros.
#include "nano_core/api/cell.h"

CELL_EXPORT u64_result_t specimen_count(LENT uint64_t *a, event_t event) {
  uint64_t copy = 0;
  __builtin_memcpy(&copy, a, sizeof(copy));
  __atomic_store_n(a, copy + 1, __ATOMIC_RELEASE);
  if (__builtin_expect(copy == 0, 0)) TRAP();
  TRY_RESULT(u64_result_t, event_signal(event));
  return (u64_result_t){.value = (uint64_t)__builtin_ctzll(copy) + sizeof(event)};
}
