// SPDX-License-Identifier: MIT
#include "testing/specimens/adder/adder.h"

typedef struct adder_count {
  monitor_t monitor;
  uint64_t additions GUARDED_BY(&monitor);
} adder_count_t;

STATE(adder_count_t, adder_count);

u64_result_t adder_add(uint64_t a, uint64_t b) {
  const u64_result_t sum = checked_add(a, b);
  if (!status_is_ok(sum.status)) return sum;
  monitor_enter(&state_adder_count->monitor);
  state_set(&state_adder_count->additions, state_adder_count->additions + 1);
  monitor_exit(&state_adder_count->monitor);
  return sum;
}

u64_result_t adder_count(void) {
  monitor_enter(&state_adder_count->monitor);
  const u64_result_t count = {.value = state_adder_count->additions};
  monitor_exit(&state_adder_count->monitor);
  return count;
}
