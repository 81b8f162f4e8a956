// SPDX-License-Identifier: MIT
/// @file
/// What every load counts: for each of its workers, so that nothing is lost with a worker that
/// ends, and a report can name it.
#pragma once
#include "cells/load_generator/load_generator.h"
#include "nano_core/api/processor.h"

enum load { kLoadCalls, kLoadKeys, kLoadAlloc, kLoadTasks, kLoadTimers, kLoads };

enum { kWorkers = kProcessors };

enum worker_status {
  kWorkerNone = 0,
  kWorkerRunning,
  kWorkerStopped,  // it was asked to, and has given back what it held
  kWorkerLost,     // it ended by itself
};

typedef struct worker_counters {
  task_t task;      // {0, 0}: there is none any more
  uint32_t status;  // enum worker_status
  uint32_t reserved;
  load_batch_t sum;
} worker_counters_t;

typedef struct load_counters {
  uint32_t status;    // enum load_generator_status
  uint32_t workers;   // how many were started
  uint64_t run;       // counts the starts
  uint64_t start_ns;  // of this run
  uint64_t stop_ns;   // when it was asked to stop, then when it had
  worker_counters_t worker[kWorkers];
} load_counters_t;

typedef struct load_generator_counters {
  monitor_t monitor;
  event_t changed;  // a load has been started, or a worker has stopped
  load_counters_t loads[kLoads];
} load_generator_counters_t;

STATE(load_generator_counters_t, load_generator_counters);

static inline void batch_add(load_batch_t *sum, const load_batch_t *batch) {
  sum->operations += batch->operations;
  sum->lost += batch->lost;
  sum->errors += batch->errors;
  sum->retries += batch->retries;
  sum->external += batch->external;
  if (batch->worst_ns > sum->worst_ns) sum->worst_ns = batch->worst_ns;
}

static inline event_t counters_event(void) {
  monitor_enter(&state_load_generator_counters->monitor);
  const event_t changed = state_load_generator_counters->changed;
  monitor_exit(&state_load_generator_counters->monitor);
  return changed;
}

/// A load that is stopping has stopped once none of its workers runs. Inside the monitor.
static inline void counters_settle(const load_counters_t *counters) {
  for (size_t i = 0; i < counters->workers; i++) {
    if (counters->worker[i].status == kWorkerRunning) return;
  }
  if (counters->status == kLoadGeneratorStopping) {
    state_set(&counters->status, kLoadGeneratorStopped);
  }
}
