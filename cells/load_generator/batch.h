// SPDX-License-Identifier: MIT
/// @file
/// What the loads have in common: the counters, and how an answer is judged.
#pragma once
#include "cells/load_generator/load_generator.h"
#include "cells/timer/timer.h"

enum load { kLoadCalls, kLoadKeys, kLoadAlloc, kLoads };

/// What one batch of operations brought.
typedef struct batch {
  uint64_t operations;
  uint64_t lost;
  uint64_t errors;
  uint64_t retries;
  uint64_t external;
} batch_t;

typedef struct load_counters {
  uint32_t status;  // enum load_generator_status
  uint32_t reserved;
  task_t task;
  uint64_t start_ns;
  uint64_t stop_ns;  // when it was asked to stop, then when it had
  batch_t sum;
} load_counters_t;

typedef struct load_generator_counters {
  monitor_t monitor;
  event_t ended;  // a load has
  load_counters_t loads[kLoads];
} load_generator_counters_t;

STATE(load_generator_counters_t, load_generator_counters);

/// Judges an answer that should be OK: counts a retry where the callee was away or busy, an error
/// where it failed.
/// @returns  whether it was OK
static inline bool batch_accept(batch_t *batch, status_t status) {
  if (status_is_ok(status)) return true;
  if (status_is(status, STATUS_UNAVAILABLE) || status_is(status, STATUS_BUSY)) {
    batch->retries++;
  } else {
    batch->errors++;
  }
  return false;
}

/// Judges an operation whose callees answered: it was done, or its answer was wrong.
static inline void batch_count(batch_t *batch, bool right) {
  if (right) {
    batch->operations++;
  } else {
    batch->errors++;
  }
}

/// Judges a call that must be refused, since its argument makes no sense.
static inline void batch_refused(batch_t *batch, status_t status, enum status_code wanted) {
  if (status_is(status, wanted)) return batch_count(batch, true);
  if (batch_accept(batch, status)) batch_count(batch, false);
}

/// Adds a batch to the load's counters.
/// @returns  whether the load shall stop
static inline bool batch_commit(enum load load, const batch_t *batch) {
  const load_counters_t *counters = &state_load_generator_counters->loads[load];
  monitor_enter(&state_load_generator_counters->monitor);
  batch_t sum = counters->sum;
  sum.operations += batch->operations;
  sum.lost += batch->lost;
  sum.errors += batch->errors;
  sum.retries += batch->retries;
  sum.external += batch->external;
  state_set(&counters->sum, sum);
  const bool stopping = counters->status != kLoadGeneratorRunning;
  monitor_exit(&state_load_generator_counters->monitor);
  return stopping;
}

/// Records that the load has stopped, now that it holds nothing any more.
/// @returns  END, for its step
static inline status_t batch_end(enum load load) {
  const load_counters_t *counters = &state_load_generator_counters->loads[load];
  const nanoseconds_result_t now = timer_now();
  monitor_enter(&state_load_generator_counters->monitor);
  // Without a timer the time when it was asked to stop has to do.
  if (status_is_ok(now.status)) state_set(&counters->stop_ns, now.value.count);
  state_set(&counters->status, kLoadGeneratorStopped);
  const event_t ended = state_load_generator_counters->ended;
  monitor_exit(&state_load_generator_counters->monitor);
  status_ignore(event_signal(ended), "who waits asks again on the tick");
  return ERR(END);
}
