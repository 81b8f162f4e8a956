// SPDX-License-Identifier: MIT
#include "cells/load_generator/load_generator.h"

#include "cells/load_generator/alloc.h"
#include "cells/load_generator/batch.h"
#include "cells/load_generator/calls.h"
#include "cells/load_generator/keys.h"

enum { kPatienceNs = 5000000000 };  // with a load that was asked to stop

static const task_progress_t kFresh = {};

static text_t load_name(size_t load) {
  switch (load) {
    case kLoadCalls:
      return TEXT("calls");
    case kLoadKeys:
      return TEXT("keys");
    default:
      return TEXT("alloc");
  }
}

static text_t step_name(size_t load) {
  switch (load) {
    case kLoadCalls:
      return TEXT("load_generator_calls_step");
    case kLoadKeys:
      return TEXT("load_generator_keys_step");
    default:
      return TEXT("load_generator_alloc_step");
  }
}

static size_result_t find_load(text_t name) {
  for (size_t i = 0; i < kLoads; i++) {
    if (text_equal(name, load_name(i))) return (size_result_t){.value = i};
  }
  return (size_result_t){.status = ERR(NOT_FOUND)};
}

status_t load_generator_initialize(void) {
  const event_result_t event = event_create();
  TRY(event.status);
  monitor_enter(&state_load_generator_counters->monitor);
  state_set(&state_load_generator_counters->ended, event.value);
  monitor_exit(&state_load_generator_counters->monitor);
  return OK;
}

// Copies a load's counters out.
static load_counters_t read_counters(size_t load) {
  monitor_enter(&state_load_generator_counters->monitor);
  const load_counters_t counters = state_load_generator_counters->loads[load];
  monitor_exit(&state_load_generator_counters->monitor);
  return counters;
}

static event_t ended_event(void) {
  monitor_enter(&state_load_generator_counters->monitor);
  const event_t ended = state_load_generator_counters->ended;
  monitor_exit(&state_load_generator_counters->monitor);
  return ended;
}

// Sets a load's counters, if its status is still `expected`.
static bool write_counters(size_t load, uint32_t expected, load_counters_t counters) {
  const load_counters_t *place = &state_load_generator_counters->loads[load];
  monitor_enter(&state_load_generator_counters->monitor);
  const bool unchanged = place->status == expected;
  if (unchanged) state_copy(place, &counters, sizeof(counters));
  monitor_exit(&state_load_generator_counters->monitor);
  return unchanged;
}

static void keep_task(size_t load, task_t task) {
  monitor_enter(&state_load_generator_counters->monitor);
  state_set(&state_load_generator_counters->loads[load].task, task);
  monitor_exit(&state_load_generator_counters->monitor);
}

// Makes the task of a load that is marked as running.
static status_t spawn(size_t load) {
  const reference_result_t step = reference_obtain(step_name(load));
  TRY(step.status);
  const task_result_t task = task_spawn(load_name(load), step.value, &kFresh);
  if (!status_is_ok(task.status)) {
    status_ignore(reference_release(step.value), "the first error counts");
    return task.status;
  }
  keep_task(load, task.value);
  return OK;
}

status_t load_generator_start(text_t name) {
  const size_result_t load = find_load(name);
  TRY(load.status);
  const load_counters_t before = read_counters(load.value);
  if (before.status == kLoadGeneratorRunning || before.status == kLoadGeneratorStopping) {
    return ERR(BUSY);
  }
  const nanoseconds_result_t now = timer_now();
  TRY(now.status);
  const load_counters_t fresh = {.status = kLoadGeneratorRunning, .start_ns = now.value.count};
  if (!write_counters(load.value, before.status, fresh)) return ERR(BUSY);
  const status_t status = spawn(load.value);
  if (!status_is_ok(status)) write_counters(load.value, kLoadGeneratorRunning, before);
  return status;
}

// Ends a load that does not stop by itself. What it holds is lost, which is an error to be seen.
static status_t cancel(size_t load, load_counters_t counters) {
  const status_t status = task_cancel(counters.task);
  if (status_is(status, STATUS_BUSY)) return ERR(WOULD_BLOCK);
  counters.status = kLoadGeneratorStopped;
  counters.sum.errors++;
  write_counters(load, kLoadGeneratorStopping, counters);
  return OK;
}

status_t load_generator_stop(text_t name) {
  const size_result_t load = find_load(name);
  TRY(load.status);
  status_ignore(event_watch(ended_event()), "the tick is watched, too");
  load_counters_t counters = read_counters(load.value);
  if (counters.status == kLoadGeneratorRunning) {
    const nanoseconds_result_t now = timer_now();
    TRY(now.status);
    monitor_enter(&state_load_generator_counters->monitor);
    const load_counters_t *place = &state_load_generator_counters->loads[load.value];
    state_set(&place->stop_ns, now.value.count);
    state_set(&place->status, kLoadGeneratorStopping);
    counters = *place;
    monitor_exit(&state_load_generator_counters->monitor);
  }
  if (counters.status != kLoadGeneratorStopping) return OK;
  const status_t late = timer_wait_until((nanoseconds_t){counters.stop_ns + kPatienceNs});
  return status_is_ok(late) ? cancel(load.value, counters) : late;
}

status_t load_generator_describe(uint64_t index, load_report_t *report) {
  if (index >= kLoads) return ERR(END);
  const nanoseconds_result_t now = timer_now();
  TRY(now.status);
  const load_counters_t counters = read_counters(index);
  const bool running = counters.status == kLoadGeneratorRunning;
  load_report_t made = {
      .status = counters.status,
      .operations = counters.sum.operations,
      .lost = counters.sum.lost,
      .errors = counters.sum.errors,
      .retries = counters.sum.retries,
      .external = counters.sum.external,
      .run_ns = (running ? now.value.count : counters.stop_ns) - counters.start_ns,
  };
  text_copy((text_buffer_t){made.name, kLoadGeneratorNameBytes - 1}, load_name(index));
  *report = made;
  return OK;
}

status_t load_generator_calls_step(task_progress_t *task) {
  calls_progress_t progress;
  TRY(SEALED_OPEN(task, kCallsTag, kCallsVersion, &progress));
  batch_t batch = {};
  for (size_t i = 0; i < kCallsPerBatch; i++) calls_one(&batch, &progress);
  SEALED_COMMIT(task, kCallsTag, kCallsVersion, &progress);
  return batch_commit(kLoadCalls, &batch) ? batch_end(kLoadCalls) : OK;
}

static bool is_stopping(enum load load) {
  return read_counters(load).status != kLoadGeneratorRunning;
}

// Gives the keyboard back, once nothing is under way.
static status_t end_keys(keys_progress_t *progress, batch_t *batch) {
  if (progress->under_way) return OK;
  if (progress->acquired) {
    const status_t status = keyboard_release(progress->token);
    if (!status_is(status, STATUS_STALE) && !batch_accept(batch, status)) return OK;
    progress->acquired = false;
  }
  return ERR(END);
}

status_t load_generator_keys_step(task_progress_t *task) {
  keys_progress_t progress;
  TRY(SEALED_OPEN(task, kKeysTag, kKeysVersion, &progress));
  batch_t batch = {};
  const bool stopping = is_stopping(kLoadKeys);
  status_t status = OK;
  if (!stopping || progress.under_way) status = keys_batch(&batch, &progress, stopping);
  if (stopping && status_is_ok(status)) status = end_keys(&progress, &batch);
  SEALED_COMMIT(task, kKeysTag, kKeysVersion, &progress);
  batch_commit(kLoadKeys, &batch);
  return status_is(status, STATUS_END) ? batch_end(kLoadKeys) : status;
}

status_t load_generator_alloc_step(task_progress_t *task) {
  alloc_progress_t progress;
  TRY(SEALED_OPEN(task, kAllocTag, kAllocVersion, &progress));
  batch_t batch = {};
  const bool stopping = is_stopping(kLoadAlloc);
  bool done = false;
  if (stopping) {
    done = alloc_clean(&batch, &progress);
  } else {
    alloc_batch(&batch, &progress);
  }
  SEALED_COMMIT(task, kAllocTag, kAllocVersion, &progress);
  batch_commit(kLoadAlloc, &batch);
  return done ? batch_end(kLoadAlloc) : OK;
}
