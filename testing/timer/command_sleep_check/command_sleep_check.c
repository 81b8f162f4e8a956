// SPDX-License-Identifier: MIT
// A command that tests the timer from inside: `sleep_check TASKS ROUNDS MILLISECONDS` makes TASKS
// tasks, each of which sleeps ROUNDS times, for any time up to MILLISECONDS, and looks whether it
// is told too early. The command joins them all.
#include "cells/timer/timer.h"
#include "nano_core/api/cell.h"
#include "patterns/command.h"
#include "patterns/tap.h"
#include "testing/commands/children.h"

CELL_EXPORT status_t command_sleep_check_step(LENT command_t *command);

/// The step of a sleeper.
CELL_EXPORT status_t command_sleep_check_sleeper_step(LENT task_progress_t *task);

enum {
  kStageBegin,
  kStageSpawn,
  kStageJoin,
  kSleeperVersion = 1,
};

static const uint32_t kSleeperTag = SEALED_TAG('s', 'l', 'e', 'p');
static const uint64_t kMillisecond = 1000000;

typedef struct sleep_counters {
  monitor_t monitor;
  uint64_t sleeps;
  uint64_t early;
  uint64_t asks;    // in all, until told
  uint64_t latest;  // nanoseconds from a deadline until its sleeper was told
} sleep_counters_t;

STATE(sleep_counters_t, command_sleep_check_counters);
STATE(children_table_t, command_sleep_check_sleepers);

typedef struct sleeper {
  uint64_t seed;
  uint64_t longest;  // nanoseconds
  uint64_t rounds;   // that are left
  uint64_t deadline;
  uint64_t asks;
} sleeper_t;

typedef struct check_progress {
  uint64_t tasks;
  uint64_t rounds;
  uint64_t longest;  // nanoseconds
  children_t sleepers;
} check_progress_t;

static uint64_t next_random(uint64_t *seed) {
  *seed ^= *seed << 13;
  *seed ^= *seed >> 7;
  *seed ^= *seed << 17;
  return *seed;
}

static void count_sleep(const sleeper_t *sleeper, uint64_t now) {
  const sleep_counters_t *counters = state_command_sleep_check_counters;
  const bool early = now < sleeper->deadline;
  monitor_enter(&state_command_sleep_check_counters->monitor);
  state_set(&counters->sleeps, counters->sleeps + 1);
  state_set(&counters->asks, counters->asks + sleeper->asks);
  if (early) state_set(&counters->early, counters->early + 1);
  if (!early && now - sleeper->deadline > counters->latest) {
    state_set(&counters->latest, now - sleeper->deadline);
  }
  monitor_exit(&state_command_sleep_check_counters->monitor);
}

static status_t begin_sleep(sleeper_t *sleeper) {
  const nanoseconds_result_t now = timer_now();
  TRY(now.status);
  sleeper->deadline = now.value.count + 1 + next_random(&sleeper->seed) % sleeper->longest;
  sleeper->asks = 0;
  return OK;
}

static status_t sleep(sleeper_t *sleeper) {
  if (sleeper->deadline == 0) TRY(begin_sleep(sleeper));
  sleeper->asks++;
  TRY(timer_wait_until((nanoseconds_t){sleeper->deadline}));
  const nanoseconds_result_t now = timer_now();
  TRY(now.status);
  count_sleep(sleeper, now.value.count);
  sleeper->deadline = 0;
  sleeper->rounds--;
  return sleeper->rounds == 0 ? ERR(END) : OK;
}

status_t command_sleep_check_sleeper_step(task_progress_t *task) {
  sleeper_t sleeper;
  TRY(SEALED_OPEN(task, kSleeperTag, kSleeperVersion, &sleeper));
  const status_t status = sleep(&sleeper);
  SEALED_COMMIT(task, kSleeperTag, kSleeperVersion, &sleeper);
  return status;
}

static status_t begin(command_t *command, check_progress_t *progress) {
  const u64_result_t tasks = command_number(command, 1);
  TRY(tasks.status);
  const u64_result_t rounds = command_number(command, 2);
  TRY(rounds.status);
  const u64_result_t longest = command_number(command, 3);
  TRY(longest.status);
  if (tasks.value > kChildrenMost || rounds.value == 0 || longest.value == 0) {
    return ERR(OUT_OF_RANGE);
  }
  *progress = (check_progress_t){tasks.value, rounds.value, longest.value * kMillisecond, {}};
  TRY(children_begin(&progress->sleepers, TEXT("command_sleep_check_sleeper_step")));
  monitor_enter(&state_command_sleep_check_counters->monitor);
  state_clear(&state_command_sleep_check_counters->sleeps,
              sizeof(sleep_counters_t) - offsetof(sleep_counters_t, sleeps));
  monitor_exit(&state_command_sleep_check_counters->monitor);
  command->stage = kStageSpawn;
  return OK;
}

static status_t spawn_one(check_progress_t *progress) {
  const sleeper_t sleeper = {.seed = 88172645463325252 + progress->sleepers.made * 977,
                             .longest = progress->longest,
                             .rounds = progress->rounds};
  task_progress_t task = {};
  SEALED_COMMIT(&task, kSleeperTag, kSleeperVersion, &sleeper);
  return children_spawn(&progress->sleepers, state_command_sleep_check_sleepers, TEXT("sleeper"),
                        &task);
}

static status_t spawn(command_t *command, check_progress_t *progress) {
  for (uint32_t i = 0; i < kChildrenPerStep && progress->sleepers.made < progress->tasks; i++) {
    TRY(spawn_one(progress));
  }
  if (progress->sleepers.made == progress->tasks) command->stage = kStageJoin;
  return OK;
}

static sleep_counters_t read_counters(void) {
  monitor_enter(&state_command_sleep_check_counters->monitor);
  const sleep_counters_t counters = *state_command_sleep_check_counters;
  monitor_exit(&state_command_sleep_check_counters->monitor);
  return counters;
}

static void put(command_t *command, text_t before, uint64_t value) {
  command_put(command, before);
  command_put_decimal(command, value);
}

static status_t report(command_t *command, const check_progress_t *progress) {
  const sleep_counters_t counters = read_counters();
  tap_t tap = {};
  put(command, TEXT("sleeps "), counters.sleeps);
  put(command, TEXT(" asks "), counters.asks);
  put(command, TEXT(" latest_ns "), counters.latest);
  command_put(command, TEXT("\n"));
  tap_check(&tap, command, counters.early == 0, TEXT("nobody is told before his time"));
  tap_check(&tap, command, counters.sleeps == progress->tasks * progress->rounds,
            TEXT("nobody sleeps on"));
  tap_check(&tap, command, progress->sleepers.wrong == 0, TEXT("every sleeper ends well"));
  return tap_end(&tap, command);
}

static status_t join(command_t *command, check_progress_t *progress) {
  const status_t status =
      children_join(&progress->sleepers, state_command_sleep_check_sleepers, progress->rounds);
  return status_is(status, STATUS_END) ? report(command, progress) : status;
}

static status_t step(command_t *command, check_progress_t *progress) {
  switch (command->stage) {
    case kStageBegin:
      return begin(command, progress);
    case kStageSpawn:
      return spawn(command, progress);
    default:
      return join(command, progress);
  }
}

status_t command_sleep_check_step(command_t *command) {
  check_progress_t progress;
  COMMAND_OPEN(command, &progress);
  const status_t status = step(command, &progress);
  COMMAND_COMMIT(command, &progress);
  return status;
}
