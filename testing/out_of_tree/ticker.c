// SPDX-License-Identifier: MIT
// A cell as somebody else would write it: it calls the timer and keeps a count in declared state.
#include "cells/timer/timer.h"
#include "nano_core/api/cell.h"

typedef struct ticker_count {
  monitor_t monitor;
  uint64_t calls;
} ticker_count_t;

STATE(ticker_count_t, ticker_count);

CELL_EXPORT u64_result_t ticker_calls(void);

u64_result_t ticker_calls(void) {
  TRY_RESULT(u64_result_t, timer_ticks().status);
  monitor_enter(&state_ticker_count->monitor);
  const uint64_t calls = state_ticker_count->calls + 1;
  state_set(&state_ticker_count->calls, calls);
  monitor_exit(&state_ticker_count->monitor);
  return (u64_result_t){.value = calls};
}
