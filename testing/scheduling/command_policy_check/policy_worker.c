// SPDX-License-Identifier: MIT
// The steps of the workers. Each looks at the clock after every few microseconds of work: a gap is
// time in which it wanted the processor and did not have it.
#include "cells/timer/timer.h"
#include "testing/scheduling/command_policy_check/tallies.h"

/// The step of a worker.
CELL_EXPORT status_t command_policy_check_worker_step(LENT task_progress_t *task);

// What a unit counts as that was interrupted for longer than kGap.
static const uint64_t kUsualUnit = 2 * kMicrosecond;

// Whoever waits for a point in time is told by the tick after it.
static const uint64_t kWakeSlack = kTick + 200 * kMicrosecond;

// Whether another worker wants the processor, and has for longer than it takes to be told, which
// goes before the one that has it.
static bool is_out_of_order(const worker_t *worker, uint64_t time)
    REQUIRES(state_policy_tallies->monitor) {
  const policy_tallies_t *tallies = state_policy_tallies;
  if (tallies->order == kOrderNone) return false;
  const uint64_t rank = tallies->tallies[worker->number].rank;
  for (uint64_t i = 0; i < tallies->workers; i++) {
    const tally_t *other = &tallies->tallies[i];
    if (other->wants_from + kWakeSlack < time && other->rank + tallies->order_slack < rank) {
      return true;
    }
  }
  return false;
}

static void add(const uint64_t *count) { state_set(count, *count + 1); }

static void raise(const uint64_t *most, uint64_t value) {
  if (value > *most) state_set(most, value);
}

static void note_unit(const worker_t *worker, uint64_t time, uint64_t gap) {
  const policy_tallies_t *tallies = state_policy_tallies;
  const worker_counts_t *counts = &tallies->tallies[worker->number].counts;
  monitor_enter(&state_policy_tallies->monitor);
  state_set(&tallies->tallies[worker->number].had, time);
  if (time - gap >= tallies->since) {
    add(&counts->units);
    if (gap >= kGap) raise(&counts->longest_wait, gap);
    if (is_out_of_order(worker, time)) add(&counts->disorder);
  }
  monitor_exit(&state_policy_tallies->monitor);
}

// OK: its next job is released.
static status_t wait_for_bell(worker_t *worker) {
  monitor_enter(&state_policy_tallies->monitor);
  const event_t bell = state_policy_tallies->bell;
  monitor_exit(&state_policy_tallies->monitor);
  TRY(event_watch(bell));
  monitor_enter(&state_policy_tallies->monitor);
  const uint64_t rings = state_policy_tallies->rings;
  worker->release = state_policy_tallies->rung_at;
  monitor_exit(&state_policy_tallies->monitor);
  if (rings == worker->heard) return ERR(WOULD_BLOCK);
  worker->heard = rings;
  return OK;
}

// Whoever listens wants the processor from now on.
static void ring(uint64_t time) REQUIRES(state_policy_tallies->monitor) {
  const policy_tallies_t *tallies = state_policy_tallies;
  add(&tallies->rings);
  state_set(&tallies->rung_at, time);
  for (uint64_t i = 0; i < tallies->workers; i++) {
    const tally_t *tally = &tallies->tallies[i];
    if (tally->wants_from != kNever) continue;
    state_set(&tally->wants_from, time);
    state_set(&tally->had, time);
  }
  status_ignore(event_signal(tallies->bell), "the command has made it");
}

static void note_begin(const worker_t *worker, uint64_t wanted, uint64_t time) {
  const policy_tallies_t *tallies = state_policy_tallies;
  monitor_enter(&state_policy_tallies->monitor);
  const tally_t *tally = &tallies->tallies[worker->number];
  state_set(&tally->had, time);
  state_set(&tally->has_job, UINT64_C(1));
  if (wanted >= tallies->since) raise(&tally->counts.latency, time - wanted);
  if (worker->plan.rings != 0) ring(time);
  monitor_exit(&state_policy_tallies->monitor);
}

static status_t begin_job(worker_t *worker) {
  if (worker->plan.listens != 0) {
    TRY(wait_for_bell(worker));
  } else {
    TRY(timer_wait_until((nanoseconds_t){worker->release}));
  }
  const nanoseconds_result_t time = timer_now();
  TRY(time.status);
  // A job that was released while the one before was still under way has not waited before its end.
  const uint64_t wanted = worker->release > worker->looked ? worker->release : worker->looked;
  worker->looked = time.value.count;
  worker->left = worker->plan.work;
  note_begin(worker, wanted, time.value.count);
  return OK;
}

static void count_job(const worker_t *worker, uint64_t took)
    REQUIRES(state_policy_tallies->monitor) {
  const worker_counts_t *counts = &state_policy_tallies->tallies[worker->number].counts;
  add(&counts->jobs);
  if (worker->plan.deadline != 0 && took > worker->plan.deadline) add(&counts->misses);
  if (counts->shortest_job == 0 || took < counts->shortest_job) {
    state_set(&counts->shortest_job, took);
  }
}

static status_t finish_job(worker_t *worker, uint64_t time) {
  const plan_t *plan = &worker->plan;
  const tally_t *tally = &state_policy_tallies->tallies[worker->number];
  worker->left = 0;
  monitor_enter(&state_policy_tallies->monitor);
  if (worker->release >= state_policy_tallies->since) count_job(worker, time - worker->release);
  worker->release = plan->period != 0 ? worker->release + plan->period : time + plan->pause;
  state_set(&tally->wants_from, worker_wants_from(worker));
  state_set(&tally->rank, worker_rank(worker, state_policy_tallies->order));
  state_set(&tally->had, tally->wants_from > time ? tally->wants_from : time);
  state_set(&tally->has_job, UINT64_C(0));
  monitor_exit(&state_policy_tallies->monitor);
  // Its next job is another one, also where that waits already.
  return worker->release <= time ? task_yield() : OK;
}

static void make_unit(worker_t *worker) {
  uint64_t checksum = worker->checksum;
  for (uint64_t i = 0; i < kRoundsPerUnit; i++) checksum = mix(checksum);
  worker->checksum = checksum;
  worker->units++;
}

static status_t work(worker_t *worker) {
  for (uint64_t spent = 0; spent < worker->plan.step;) {
    make_unit(worker);
    const nanoseconds_result_t time = timer_now();
    TRY(time.status);
    const uint64_t gap = time.value.count - worker->looked;
    const uint64_t worked = gap < kGap ? gap : kUsualUnit;
    worker->looked = time.value.count;
    note_unit(worker, time.value.count, gap);
    if (worker->left <= worked) return finish_job(worker, time.value.count);
    worker->left -= worked;
    spent += worked;
  }
  return worker->plan.yields != 0 ? task_yield() : OK;
}

static status_t turn(worker_t *worker) {
  monitor_enter(&state_policy_tallies->monitor);
  const bool stopping = state_policy_tallies->stopping != 0;
  monitor_exit(&state_policy_tallies->monitor);
  if (stopping) return ERR(END);
  if (worker->left == 0) TRY(begin_job(worker));
  return work(worker);
}

static void enter_step(const worker_t *worker) {
  const tally_t *tally = &state_policy_tallies->tallies[worker->number];
  monitor_enter(&state_policy_tallies->monitor);
  if (tally->inside != 0 || tally->steps + 1 != worker->steps) add(&tally->twice);
  state_set(&tally->inside, UINT64_C(1));
  state_set(&tally->steps, worker->steps);
  monitor_exit(&state_policy_tallies->monitor);
}

static void leave_step(const worker_t *worker) {
  const tally_t *tally = &state_policy_tallies->tallies[worker->number];
  monitor_enter(&state_policy_tallies->monitor);
  state_set(&tally->inside, UINT64_C(0));
  state_set(&tally->units, worker->units);
  state_set(&tally->checksum, worker->checksum);
  monitor_exit(&state_policy_tallies->monitor);
}

status_t command_policy_check_worker_step(task_progress_t *task) {
  worker_t worker;
  TRY(SEALED_OPEN(task, kWorkerTag, kWorkerVersion, &worker));
  worker.steps++;
  enter_step(&worker);
  const status_t status = turn(&worker);
  SEALED_COMMIT(task, kWorkerTag, kWorkerVersion, &worker);
  leave_step(&worker);
  return status;
}
