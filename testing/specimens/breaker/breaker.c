// SPDX-License-Identifier: MIT
// Fails on request, each time in another way.
#include "nano_core/api/cell.h"

typedef struct breaker_state {
  monitor_t monitor;
  uint64_t entered;
} breaker_state_t;

STATE(breaker_state_t, breaker_state);

CELL_EXPORT u64_result_t breaker_index(uint64_t index);
CELL_EXPORT u64_result_t breaker_divide(uint64_t by);
CELL_EXPORT u64_result_t breaker_inside(uint64_t index);

// Outside of the span it is a trap.
u64_result_t breaker_index(uint64_t index) {
  return (u64_result_t){.value = (uint8_t)*text_at(TEXT("abc"), index)};
}

// By zero it is a trap.
u64_result_t breaker_divide(uint64_t by) { return (u64_result_t){.value = 1000 / by}; }

// Outside of the span it is a trap inside of a monitor, which must be left all the same.
u64_result_t breaker_inside(uint64_t index) {
  monitor_enter(&state_breaker_state->monitor);
  state_set(&state_breaker_state->entered, state_breaker_state->entered + 1);
  const char found = *text_at(TEXT("abc"), index);
  monitor_exit(&state_breaker_state->monitor);
  return (u64_result_t){.value = (uint8_t)found};
}
