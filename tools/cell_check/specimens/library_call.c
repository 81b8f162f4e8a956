// SPDX-License-Identifier: MIT
// Functions that nobody publishes, and what ends more than the call.
#include "nano_core/api/cell.h"

[[noreturn]] void abort(void);                                         // refused: unmarked-function
void *memcpy(void *restrict to, const void *restrict from, size_t n);  // refused: unmarked-function

CELL_EXPORT status_t specimen_end(LENT uint64_t *a) {
  const uint64_t zero = 0;
  memcpy(a, &zero, sizeof(zero));                         // refused: library-call
  if (*a == 1) abort();                                   // refused: library-call
  if (*a == 2) __builtin_trap();                          // refused: library-call
  if (*a == 3) __builtin_abort();                         // refused: library-call
  *a = __builtin_ia32_rdtsc();                            // refused: library-call
  *a = (uint64_t)(uintptr_t)__builtin_return_address(0);  // refused: library-call
  __builtin_unreachable();                                // refused: library-call
}
