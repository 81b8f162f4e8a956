// SPDX-License-Identifier: MIT
/// @file
/// A worker: one of the tasks that a load runs as. Each makes a batch of operations a step, adds
/// what it counted, and gives way. It knows the run that it was made for, so one that is left over
/// from an earlier run, or from a start that failed, ends without touching anything.
#pragma once
#include "cells/load_generator/batch.h"
#include "cells/load_generator/counters.h"
#include "cells/timer/timer.h"
#include "patterns/number_text.h"

/// A 64-bit linear congruential generator (Knuth, MMIX); the upper half is good enough here.
static inline uint64_t worker_random(load_worker_t *worker) {
  worker->random = worker->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return worker->random >> 33;
}

enum worker_order { kOrderWait, kOrderWork, kOrderStop, kOrderEnd };

// What the load wants of the worker. Inside the monitor.
static inline enum worker_order worker_order(const load_worker_t *worker) {
  const load_counters_t *counters = &state_load_generator_counters->loads[worker->load];
  if (counters->run != worker->run) return kOrderEnd;
  if (counters->status == kLoadGeneratorStarting) return kOrderWait;
  if (counters->status == kLoadGeneratorRunning) return kOrderWork;
  return counters->status == kLoadGeneratorStopping ? kOrderStop : kOrderEnd;
}

// Adds a batch to what the worker has counted. Inside the monitor.
static inline void worker_sum(const load_worker_t *worker, const load_batch_t *batch) {
  const load_counters_t *counters = &state_load_generator_counters->loads[worker->load];
  const load_batch_t *place = &counters->worker[worker->number].sum;
  if (counters->run != worker->run) return;
  load_batch_t sum = *place;
  batch_add(&sum, batch);
  state_copy(place, &sum, sizeof(sum));
}

// What the load wants of the worker. The batch, if there is one, is added if the worker is wanted.
static inline enum worker_order worker_ask(const load_worker_t *worker, const load_batch_t *batch) {
  monitor_enter(&state_load_generator_counters->monitor);
  const enum worker_order order = worker_order(worker);
  const bool wanted = order == kOrderWork || order == kOrderStop;
  if (batch != nullptr && wanted) worker_sum(worker, batch);
  monitor_exit(&state_load_generator_counters->monitor);
  return order;
}

/// Begins a step. A worker waits until all workers of its load are there.
/// @param batch  what the worker hands in, or null
/// @returns  OK: to work, or to stop, as `*stopping` says. WOULD_BLOCK. END: it is not wanted.
static inline status_t worker_begin(const load_worker_t *worker, const load_batch_t *batch,
                                    bool *stopping) {
  enum worker_order order = worker_ask(worker, batch);
  if (order == kOrderWait) {
    TRY(event_watch(counters_event()));
    order = worker_ask(worker, batch);
  }
  *stopping = order == kOrderStop;
  if (order == kOrderWait) return ERR(WOULD_BLOCK);
  return order == kOrderEnd ? ERR(END) : OK;
}

/// Adds a batch to what the worker has counted.
static inline void worker_add(const load_worker_t *worker, const load_batch_t *batch) {
  monitor_enter(&state_load_generator_counters->monitor);
  worker_sum(worker, batch);
  monitor_exit(&state_load_generator_counters->monitor);
}

// Records that the worker has stopped, now that it holds nothing any more.
static inline void worker_stop(const load_worker_t *worker) {
  const load_counters_t *counters = &state_load_generator_counters->loads[worker->load];
  const nanoseconds_result_t now = timer_now();
  monitor_enter(&state_load_generator_counters->monitor);
  if (counters->run == worker->run) {
    // Without a timer the time when it was asked to stop has to do.
    if (status_is_ok(now.status)) state_set(&counters->stop_ns, now.value.count);
    state_set(&counters->worker[worker->number].status, kWorkerStopped);
    counters_settle(counters);
  }
  const event_t changed = state_load_generator_counters->changed;
  monitor_exit(&state_load_generator_counters->monitor);
  status_ignore(event_signal(changed), "who waits looks again soon");
}

/// Ends a step whose turn answered `status`: OK, WOULD_BLOCK, or END once all is given back.
/// @returns  what the step answers
static inline status_t worker_finish(const load_worker_t *worker, const load_batch_t *batch,
                                     status_t status) {
  worker_add(worker, batch);
  if (status_is(status, STATUS_END)) worker_stop(worker);
  if (status_is_ok(status)) status_ignore(task_yield(), "then the tick takes the processor");
  return status;
}

/// Makes a task that holds `step` once more. On an error it does not.
static inline task_result_t worker_spawn(text_t name, reference_t step,
                                         const task_progress_t *progress, bool joinable) {
  TRY_RESULT(task_result_t, reference_retain(step));
  const task_result_t task =
      joinable ? task_spawn_joinable(name, step, progress) : task_spawn(name, step, progress);
  if (!status_is_ok(task.status)) {
    status_ignore(reference_release(step), "the first error counts");
  }
  return task;
}

/// Appends `mark` and a number below 100 to a name of `used` characters.
/// @returns  how long it is now
static inline size_t worker_put_number(text_buffer_t name, size_t used, text_t mark,
                                       uint64_t number) {
  used += text_copy(text_buffer_slice(name, used, name.length - used), mark);
  const text_buffer_t digits = text_buffer_slice(name, used, name.length - used);
  return used + number_text_decimal(digits, number).value;
}
