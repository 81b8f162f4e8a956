// SPDX-License-Identifier: MIT
#include "testing/specimens/dawdler/dawdler.h"

#include "nano_core/api/cycle_counter.h"

u64_result_t dawdler_answer(uint64_t cycles, uint64_t question) {
  const uint64_t start = cycle_counter();
  while (cycle_counter() - start < cycles) {
  }
  return checked_add(question, 1);
}
