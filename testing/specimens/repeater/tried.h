// SPDX-License-Identifier: MIT
/// @file
/// Telling who watches which call it is, and counting what it answered. Private to the cell.
#pragma once
#include "testing/specimens/repeater/repeater.h"

STATE(repeater_counts_t, repeater_counts);

static inline void set_counter(const uint64_t *counter, uint64_t value) {
  monitor_enter(&state_repeater_counts->monitor);
  state_set(counter, value);
  monitor_exit(&state_repeater_counts->monitor);
}

/// The call that is watched comes next.
static inline void begin_call(void) { set_counter(&state_repeater_counts->now, 1); }

/// It answered `status`.
/// @param usual  as it should
static inline void end_call(status_t status, enum status_code usual) {
  const repeater_counts_t *counts = state_repeater_counts;
  monitor_enter(&state_repeater_counts->monitor);
  state_set(&counts->now, UINT64_C(0));
  if (status_is(status, usual)) {
    state_set(&counts->right, counts->right + 1);
  } else if (status_is(status, STATUS_FAULT)) {
    state_set(&counts->failed, counts->failed + 1);
  } else {
    state_set(&counts->wrong, counts->wrong + 1);
    state_set(&counts->last, (uint64_t)status.code);
  }
  monitor_exit(&state_repeater_counts->monitor);
}

/// Another call, which must succeed.
static inline void expect_ok(status_t status) {
  if (status_is_ok(status)) return;
  const repeater_counts_t *counts = state_repeater_counts;
  monitor_enter(&state_repeater_counts->monitor);
  state_set(&counts->wrong, counts->wrong + 1);
  state_set(&counts->last, (uint64_t)status.code);
  monitor_exit(&state_repeater_counts->monitor);
}

/// The end of something that was held, where the first try answered FAULT: it may be done already.
static inline void expect_ended(status_t status) {
  if (status_is(status, STATUS_INVALID_ARGUMENT) || status_is(status, STATUS_DENIED)) return;
  expect_ok(status);
}
