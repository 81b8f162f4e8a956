// SPDX-License-Identifier: MIT
/// @file
/// The load `timers`: one operation is one sleep of 1 to 20 ms. Each worker has a number of
/// sleepers, children that sleep a few times each and count for it; it joins them and makes others.
#pragma once
#include "cells/load_generator/children.h"

enum {
  kTimersTag = SEALED_TAG('L', 'T', 'I', 'M'),
  kTimersVersion = 2,
  kTimersSleepers = 32,  // alive at once
  kSleeperTag = SEALED_TAG('L', 'T', 'S', 'L'),
  kSleeperVersion = 3,
  kSleeps = 16,  // of one sleeper
};

static const uint64_t kSleepLeastNs = 1000000;
static const uint64_t kSleepMostNs = 20000000;
static const uint64_t kSleepLateTicks = 1000;        // then it is an error
static const uint64_t kSleeperLostNs = 10000000000;  // then it was not woken

typedef struct timers_progress {
  load_worker_t worker;
  reference_t step;  // of the sleepers
  child_t sleepers[kTimersSleepers];
} timers_progress_t;

typedef struct sleeper_progress {
  load_worker_t worker;  // whom it counts for; with random numbers of its own
  uint64_t sleeps;       // made so far
  uint64_t until_ns;
  uint64_t late_tick;  // the timer's tick after which the sleep was too long
} sleeper_progress_t;

// What the timer says at one moment. Its ticks tell how long the machine ran: those that pass while
// an emulator stands still count once.
typedef struct timer_word {
  status_t status;
  uint64_t now_ns;
  uint64_t ticks;
} timer_word_t;

static inline timer_word_t timers_ask(void) {
  const u64_result_t ticks = timer_ticks();
  const nanoseconds_result_t now = timer_now();
  return (timer_word_t){
      .status = status_is_ok(ticks.status) ? now.status : ticks.status,
      .now_ns = now.value.count,
      .ticks = ticks.value,
  };
}

// Judges a sleep that has ended by the timer's word.
static inline void sleeper_judge(load_batch_t *batch, const sleeper_progress_t *sleeper,
                                 timer_word_t word) {
  const bool early = word.now_ns < sleeper->until_ns;
  batch_count(batch, !early && word.ticks <= sleeper->late_tick);
  batch_took(batch, early ? 0 : word.now_ns - sleeper->until_ns);
}

// Sets when the next sleep ends.
static inline void sleeper_begin(sleeper_progress_t *sleeper, timer_word_t word) {
  const uint64_t spread_ns = kSleepMostNs - kSleepLeastNs;
  const uint64_t length_ns = kSleepLeastNs + worker_random(&sleeper->worker) % spread_ns;
  sleeper->until_ns = word.now_ns + length_ns;
  sleeper->late_tick = word.ticks + length_ns / kSleepLeastNs + kSleepLateTicks;
}

/// One turn of a sleeper: ends a sleep, and begins the next.
static inline status_t sleeper_turn(load_batch_t *batch, sleeper_progress_t *sleeper,
                                    bool stopping) {
  if (sleeper->until_ns != 0) {
    const status_t status = timer_wait_until((nanoseconds_t){sleeper->until_ns});
    if (status_is(status, STATUS_WOULD_BLOCK)) return status;
    if (!batch_accept(batch, status)) return OK;
  }
  const timer_word_t word = timers_ask();
  if (!batch_accept(batch, word.status)) return OK;
  if (sleeper->until_ns != 0) {
    sleeper_judge(batch, sleeper, word);
    sleeper->sleeps++;
  }
  if (stopping || sleeper->sleeps == kSleeps) return ERR(END);
  sleeper_begin(sleeper, word);
  const status_t status = timer_wait_until((nanoseconds_t){sleeper->until_ns});
  return status_is(status, STATUS_WOULD_BLOCK) ? status : OK;
}

static inline bool timers_spawn(load_batch_t *batch, timers_progress_t *progress, size_t place,
                                uint64_t now_ns) {
  child_t *child = &progress->sleepers[place];
  child->since_ns = now_ns;
  sleeper_progress_t first = {.worker = progress->worker};
  first.worker.random = worker_random(&progress->worker);
  task_progress_t task = {};
  SEALED_COMMIT(&task, kSleeperTag, kSleeperVersion, &first);
  return children_spawn(batch, child, &progress->worker, TEXT("timers"), place, progress->step,
                        &task);
}

// Looks after one place. Returns whether anything happened there.
static inline bool timers_serve(load_batch_t *batch, timers_progress_t *progress, size_t place,
                                uint64_t now_ns, bool stopping) {
  child_t *child = &progress->sleepers[place];
  if (child->task.generation == 0) {
    return !stopping && timers_spawn(batch, progress, place, now_ns);
  }
  task_end_t end = {};
  if (children_join(child, &end)) {
    if (!status_is(end.result, STATUS_END)) batch->errors++;
    return true;
  }
  if (now_ns - child->since_ns < kSleeps * kSleepMostNs + kSleeperLostNs) return false;
  children_abandon(batch, child);
  return true;
}

/// One turn of a worker.
static inline status_t timers_turn(load_batch_t *batch, timers_progress_t *progress,
                                   bool stopping) {
  if (!children_prepare(batch, &progress->step, TEXT("load_generator_sleeper_step"))) return OK;
  const nanoseconds_result_t now = timer_now();
  if (!batch_accept(batch, now.status)) return OK;
  bool moved = false;
  bool empty = true;
  for (size_t i = 0; i < kTimersSleepers; i++) {
    moved |= timers_serve(batch, progress, i, now.value.count, stopping);
    empty &= progress->sleepers[i].task.generation == 0;
  }
  return children_wait(batch, &progress->step, stopping && empty, moved, now.value.count);
}
