// SPDX-License-Identifier: MIT
// Serves the interface `adder` with the right types, but its state has another layout.
#include "testing/specimens/adder/adder.h"

typedef struct adder_count {
  monitor_t monitor;
  uint64_t additions;
  uint64_t last;
} adder_count_t;

STATE(adder_count_t, adder_count);

u64_result_t adder_add(uint64_t a, uint64_t b) {
  const u64_result_t sum = checked_add(a, b);
  monitor_enter(&state_adder_count->monitor);
  state_set(&state_adder_count->additions, state_adder_count->additions + 1);
  state_set(&state_adder_count->last, sum.value);
  monitor_exit(&state_adder_count->monitor);
  return sum;
}

u64_result_t adder_count(void) {
  monitor_enter(&state_adder_count->monitor);
  const u64_result_t count = {.value = state_adder_count->additions};
  monitor_exit(&state_adder_count->monitor);
  return count;
}
