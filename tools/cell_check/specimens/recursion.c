// SPDX-License-Identifier: MIT
// Functions that lead back to themselves, directly and through others.
#include "nano_core/api/cell.h"

static uint64_t factorial(uint64_t n) {
  return n < 2 ? 1 : n * factorial(n - 1);  // refused: recursion
}

static uint64_t first(uint64_t n);

static uint64_t third(uint64_t n) {
  return first(n - 1);  // refused: recursion
}

static uint64_t second(uint64_t n) {
  return third(n);  // refused: recursion
}

static uint64_t first(uint64_t n) {
  return n == 0 ? 0 : second(n);  // refused: recursion
}

CELL_EXPORT u64_result_t specimen_run(uint64_t n) {
  return (u64_result_t){.value = factorial(n) + first(n)};
}
