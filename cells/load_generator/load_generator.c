// SPDX-License-Identifier: MIT
// Starts, stops and describes the loads; load_steps.c has what their workers do.
#include "cells/load_generator/load_generator.h"

#include "cells/load_generator/alloc.h"
#include "cells/load_generator/keys.h"
#include "cells/load_generator/tasks.h"
#include "cells/load_generator/timers.h"

static const uint64_t kPatienceNs = 5000000000;  // with a load that was asked to stop
static const uint64_t kLookNs = 10000000;        // then it is looked whether it has

// How a load is called, and what its workers are made of.
typedef struct load_kind {
  text_t name;
  text_t step;
  uint32_t tag;
  uint32_t version;
  uint64_t workers_least;
  uint64_t workers_most;
} load_kind_t;

#define LOAD_KIND(load, Load, least, most) \
  {TEXT(#load), TEXT("load_generator_" #load "_step"), k##Load##Tag, k##Load##Version, least, most}

static const load_kind_t kKinds[kLoads] = {
    [kLoadCalls] = {TEXT("calls"), TEXT("load_calls_step"), kLoadCallsTag, kLoadCallsVersion, 1,
                    kWorkers},
    [kLoadKeys] = LOAD_KIND(keys, Keys, 1, 1),
    [kLoadAlloc] = LOAD_KIND(alloc, Alloc, 1, kWorkers),
    [kLoadTasks] = LOAD_KIND(tasks, Tasks, 2, kWorkers),
    [kLoadTimers] = LOAD_KIND(timers, Timers, 2, kWorkers),
};

static size_result_t find_load(text_t name) {
  for (size_t i = 0; i < kLoads; i++) {
    if (text_equal(name, kKinds[i].name)) return (size_result_t){.value = i};
  }
  return (size_result_t){.status = ERR(NOT_FOUND)};
}

static text_t worker_name(text_buffer_t name, size_t load, uint64_t number) {
  const size_t used = text_copy(name, kKinds[load].name);
  const size_t length = worker_put_number(name, used, TEXT("/"), number);
  return (text_t){name.data, length};
}

status_t load_generator_initialize(void) {
  const event_result_t event = event_create();
  TRY(event.status);
  monitor_enter(&state_load_generator_counters->monitor);
  state_set(&state_load_generator_counters->changed, event.value);
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

// Sets a load's counters, if its status is still `expected`.
static bool write_counters(size_t load, uint32_t expected, const load_counters_t *counters) {
  const load_counters_t *place = &state_load_generator_counters->loads[load];
  monitor_enter(&state_load_generator_counters->monitor);
  const bool unchanged = place->status == expected;
  if (unchanged) state_copy(place, counters, sizeof(*counters));
  monitor_exit(&state_load_generator_counters->monitor);
  return unchanged;
}

static void tell(void) {
  status_ignore(event_signal(counters_event()), "who waits looks again soon");
}

static u64_result_t count_workers(const load_kind_t *kind) {
  const u32_result_t processors = processor_count();
  TRY_RESULT(u64_result_t, processors.status);
  uint64_t count = processors.value;
  if (count < kind->workers_least) count = kind->workers_least;
  if (count > kind->workers_most) count = kind->workers_most;
  return (u64_result_t){.value = count};
}

static status_t spawn_worker(size_t load, uint64_t run, uint64_t number, reference_t step) {
  const load_worker_t worker = {load, run, number, run << 32 ^ (uint64_t)load << 16 ^ number};
  task_progress_t progress = {};
  SEALED_COMMIT(&progress, kKinds[load].tag, kKinds[load].version, &worker);
  char name[kLoadGeneratorNameBytes];
  const task_result_t task =
      worker_spawn(worker_name(SPAN_OF(text_buffer, name), load, number), step, &progress, false);
  TRY(task.status);
  const worker_counters_t counters = {.task = task.value, .status = kWorkerRunning};
  monitor_enter(&state_load_generator_counters->monitor);
  state_copy(&state_load_generator_counters->loads[load].worker[number], &counters,
             sizeof(counters));
  monitor_exit(&state_load_generator_counters->monitor);
  return OK;
}

static status_t spawn_workers(size_t load, uint64_t run, uint64_t count) {
  const reference_result_t step = reference_obtain(kKinds[load].step);
  TRY(step.status);
  status_t status = OK;
  for (uint64_t i = 0; i < count && status_is_ok(status); i++) {
    status = spawn_worker(load, run, i, step.value);
  }
  status_ignore(reference_release(step.value), "the workers hold it themselves");
  return status;
}

static void set_running(size_t load) {
  monitor_enter(&state_load_generator_counters->monitor);
  state_set(&state_load_generator_counters->loads[load].status, kLoadGeneratorRunning);
  monitor_exit(&state_load_generator_counters->monitor);
}

// Makes the workers of a load whose counters are `before`. Those that are there when one cannot be
// made are of no run that counts, and end.
static status_t start(size_t load, load_counters_t *before, uint64_t count, uint64_t now_ns) {
  const load_counters_t fresh = {.status = kLoadGeneratorStarting,
                                 .workers = (uint32_t)count,
                                 .run = before->run + 1,
                                 .start_ns = now_ns};
  if (!write_counters(load, before->status, &fresh)) return ERR(BUSY);
  const status_t status = spawn_workers(load, fresh.run, count);
  if (status_is_ok(status)) {
    set_running(load);
  } else {
    before->run = fresh.run + 1;
    write_counters(load, kLoadGeneratorStarting, before);
  }
  tell();
  return status;
}

status_t load_generator_start(text_t name) {
  const size_result_t load = find_load(name);
  TRY(load.status);
  load_counters_t before = read_counters(load.value);
  if (before.status != kLoadGeneratorIdle && before.status != kLoadGeneratorStopped) {
    return ERR(BUSY);
  }
  const u64_result_t count = count_workers(&kKinds[load.value]);
  TRY(count.status);
  const nanoseconds_result_t now = timer_now();
  TRY(now.status);
  if (load.value == kLoadAlloc) frames_forget();
  return start(load.value, &before, count.value, now.value.count);
}

static bool is_there(task_t task) {
  task_info_t info;
  const status_t status = task_describe(task.index, &info);
  if (!status_is_ok(status)) {
    return !status_is(status, STATUS_NOT_FOUND) && !status_is(status, STATUS_OUT_OF_RANGE);
  }
  return info.generation == task.generation && info.status != kTaskEnded;
}

// Notes that a worker is gone: if it had not stopped, it ended by itself.
static void bury(size_t load, uint64_t run, size_t number) {
  const load_counters_t *counters = &state_load_generator_counters->loads[load];
  monitor_enter(&state_load_generator_counters->monitor);
  if (counters->run == run) {
    worker_counters_t worker = counters->worker[number];
    worker.task = (task_t){};
    if (worker.status == kWorkerRunning) {
      worker.status = kWorkerLost;
      worker.sum.errors++;
    }
    state_copy(&counters->worker[number], &worker, sizeof(worker));
    counters_settle(counters);
  }
  monitor_exit(&state_load_generator_counters->monitor);
}

// Looks which workers are gone. Returns how many are not.
static uint64_t look_after(size_t load) {
  const load_counters_t counters = read_counters(load);
  uint64_t there = 0;
  for (size_t i = 0; i < counters.workers; i++) {
    const task_t task = counters.worker[i].task;
    if (task.generation == 0) continue;
    if (is_there(task)) {
      there++;
    } else {
      bury(load, counters.run, i);
    }
  }
  return there;
}

// Ends the workers that do not stop by themselves. What they hold is lost, an error to be seen.
static void cancel(size_t load) {
  const load_counters_t counters = read_counters(load);
  for (size_t i = 0; i < counters.workers; i++) {
    const task_t task = counters.worker[i].task;
    if (task.generation == 0) continue;
    status_ignore(task_cancel(task), "it may have ended just now");
    bury(load, counters.run, i);
  }
}

static void ask_to_stop(size_t load, uint64_t now_ns) {
  const load_counters_t *counters = &state_load_generator_counters->loads[load];
  monitor_enter(&state_load_generator_counters->monitor);
  if (counters->status == kLoadGeneratorRunning) {
    state_set(&counters->stop_ns, now_ns);
    state_set(&counters->status, kLoadGeneratorStopping);
    counters_settle(counters);
  }
  monitor_exit(&state_load_generator_counters->monitor);
}

status_t load_generator_stop(text_t name) {
  const size_result_t load = find_load(name);
  TRY(load.status);
  for (;;) {
    status_ignore(event_watch(counters_event()), "the timer is watched, too");
    const nanoseconds_result_t now = timer_now();
    TRY(now.status);
    ask_to_stop(load.value, now.value.count);
    if (look_after(load.value) == 0) return OK;
    if (now.value.count >= read_counters(load.value).stop_ns + kPatienceNs) {
      cancel(load.value);
      return OK;
    }
    const status_t status = timer_wait_until((nanoseconds_t){now.value.count + kLookNs});
    if (!status_is_ok(status)) return status;
  }
}

// Describes `count` workers from `first` on.
static void sum_up(size_t load, const load_counters_t *counters, size_t first, size_t count,
                   load_report_t *report) {
  load_batch_t sum = {};
  for (size_t i = first + count; i-- > first;) {
    const worker_counters_t *worker = &counters->worker[i];
    batch_add(&sum, &worker->sum);
    const bool ended = worker->status == kWorkerLost;
    if (ended) worker_name(SPAN_OF(text_buffer, report->ended), load, i);
    // The end of a worker is an error of its own.
    if (worker->sum.lost + worker->sum.errors > ended) {
      worker_name(SPAN_OF(text_buffer, report->wrong), load, i);
    }
  }
  report->operations = sum.operations;
  report->lost = sum.lost;
  report->errors = sum.errors;
  report->retries = sum.retries;
  report->external = sum.external;
  report->worst_ns = sum.worst_ns;
}

// Looks after a load, and describes the times of its run.
static status_t look_at(size_t load, load_counters_t *counters, load_report_t *report) {
  const nanoseconds_result_t now = timer_now();
  TRY(now.status);
  look_after(load);
  *counters = read_counters(load);
  const bool going =
      counters->status == kLoadGeneratorRunning || counters->status == kLoadGeneratorStarting;
  *report = (load_report_t){
      .status = counters->status,
      .workers = counters->workers,
      .run_ns = (going ? now.value.count : counters->stop_ns) - counters->start_ns,
  };
  return OK;
}

status_t load_generator_describe(uint64_t index, load_report_t *report) {
  if (index >= kLoads) return ERR(END);
  load_counters_t counters;
  load_report_t made;
  TRY(look_at(index, &counters, &made));
  text_copy(SPAN_OF(text_buffer, made.name), kKinds[index].name);
  sum_up(index, &counters, 0, counters.workers, &made);
  *report = made;
  return OK;
}

status_t load_generator_describe_worker(uint64_t index, uint64_t worker, load_report_t *report) {
  if (index >= kLoads) return ERR(END);
  load_counters_t counters;
  load_report_t made;
  TRY(look_at(index, &counters, &made));
  if (worker >= counters.workers) return ERR(END);
  made.workers = 1;
  worker_name(SPAN_OF(text_buffer, made.name), index, worker);
  sum_up(index, &counters, worker, 1, &made);
  *report = made;
  return OK;
}
