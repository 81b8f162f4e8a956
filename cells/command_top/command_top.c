// SPDX-License-Identifier: MIT
#include "cells/command_top/command_top.h"

#include "cells/timer/timer.h"
#include "patterns/command_task.h"

enum {
  kWatched = 18,  // tasks; a command remembers little
  kUsualRows = 10,
  kUnitShift = 10,  // what is remembered is in units of 1024 cycles; 2^32 of them are minutes
  kWholeShare = 1000,
};

static const uint64_t kInterval = 1000000000;  // nanoseconds

enum { kStageLook, kStageWait, kStageProcessors, kStageTasks };

// What was seen at the first look; from the second one on, what each had in between.
typedef struct progress {
  uint64_t until;              // when to look again, nanoseconds
  uint32_t interval;           // units, by the first processor
  uint32_t idle[kProcessors];  // units
  uint32_t units[kWatched];    // of the tasks, the busiest first
  uint16_t indices[kWatched];
  uint8_t online;  // processors
  uint8_t count;   // of tasks
} progress_t;

static_assert(sizeof(progress_t) <= kCommandPrivateBytes, "fewer tasks can be watched");

// A task that may be worth watching.
typedef struct candidate {
  uint64_t ran;
  uint64_t index;
  bool active;
} candidate_t;

typedef struct candidates {
  candidate_t best[kWatched];
  size_t count;
} candidates_t;

static uint32_t units_of(uint64_t cycles) { return (uint32_t)(cycles >> kUnitShift); }

static bool is_better(const candidate_t *a, const candidate_t *b) {
  if (a->active != b->active) return a->active;
  return a->ran > b->ran;
}

// Takes a place among the best, if it has one.
static void consider(candidates_t *candidates, candidate_t candidate) {
  size_t place = candidates->count;
  while (place > 0 && is_better(&candidate, &candidates->best[place - 1])) place--;
  if (place == kWatched) return;
  if (candidates->count < kWatched) candidates->count++;
  for (size_t i = candidates->count - 1; i > place; i--) {
    candidates->best[i] = candidates->best[i - 1];
  }
  candidates->best[place] = candidate;
}

static status_t find_candidates(candidates_t *candidates) {
  for (uint64_t index = 0; index <= UINT16_MAX; index++) {
    task_info_t info;
    const status_t status = task_describe(index, &info);
    if (status_is(status, STATUS_OUT_OF_RANGE)) break;
    if (status_is(status, STATUS_NOT_FOUND)) continue;
    TRY(status);
    if (info.status == kTaskEnded) continue;
    const bool active = info.status == kTaskReady || info.status == kTaskRunning;
    consider(candidates, (candidate_t){info.ran, index, active});
  }
  return OK;
}

// The processors' part of a look: replaces what is remembered by what was added since.
static status_t look_at_processors(progress_t *progress) {
  for (uint64_t number = 0; number < kProcessors; number++) {
    processor_info_t info;
    const status_t status = processor_describe(number, &info);
    if (status_is(status, STATUS_NOT_FOUND)) continue;
    TRY(status);
    if (number == 0) progress->interval = units_of(info.cycles) - progress->interval;
    progress->idle[number] = units_of(info.idle_cycles) - progress->idle[number];
    if (number >= progress->online) progress->online = (uint8_t)(number + 1);
  }
  return OK;
}

static status_t look(progress_t *progress) {
  candidates_t candidates = {};
  TRY(find_candidates(&candidates));
  for (size_t i = 0; i < candidates.count; i++) {
    progress->indices[i] = (uint16_t)candidates.best[i].index;
    progress->units[i] = units_of(candidates.best[i].ran);
  }
  progress->count = (uint8_t)candidates.count;
  const nanoseconds_result_t now = timer_now();
  TRY(now.status);
  progress->until = now.value.count + kInterval;
  return look_at_processors(progress);
}

// What a task had since the first look. Another one may have its place by now: that has begun
// since.
static uint32_t units_since(const progress_t *progress, size_t place) {
  task_info_t info;
  if (!status_is_ok(task_describe(progress->indices[place], &info))) return 0;
  const uint32_t units = units_of(info.ran) - progress->units[place];
  if (units <= progress->interval) return units;
  return units_of(info.ran) < progress->interval ? units_of(info.ran) : progress->interval;
}

static status_t look_again(progress_t *progress) {
  TRY(look_at_processors(progress));
  for (size_t i = 0; i < progress->count; i++) {
    const uint32_t units = units_since(progress, i);
    const uint16_t index = progress->indices[i];
    size_t place = i;
    for (; place > 0 && units > progress->units[place - 1]; place--) {
      progress->units[place] = progress->units[place - 1];
      progress->indices[place] = progress->indices[place - 1];
    }
    progress->units[place] = units;
    progress->indices[place] = index;
  }
  return OK;
}

// Percent of one processor, with one decimal.
static void put_share(command_t *command, const progress_t *progress, uint32_t units) {
  const uint64_t interval = progress->interval;
  if (interval == 0) return command_column(command, TEXT("-"), 5);
  const size_t start = command->output_length;
  const uint64_t share = ((uint64_t)units * kWholeShare + interval / 2) / interval;
  command_put_decimal(command, share / 10);
  command_put(command, TEXT("."));
  command_put_decimal(command, share % 10);
  command_pad(command, command->output_length - start, 5);
}

static void put_milliseconds(command_t *command, uint64_t cycles) {
  const u64_result_t time = timer_cycles_to_nanoseconds(cycles);
  if (!status_is_ok(time.status)) return command_column(command, TEXT("-"), 0);
  command_column_decimal(command, time.value / 1000000, 0);
}

static void put_processor(command_t *command, const progress_t *progress, uint64_t number) {
  processor_info_t info;
  if (!status_is_ok(processor_describe(number, &info))) return;
  command_column(command, TEXT("-"), 5);
  const size_t start = command->output_length;
  command_put(command, TEXT("idle/"));
  command_put_decimal(command, number);
  command_pad(command, command->output_length - start, 20);
  put_share(command, progress, progress->idle[number]);
  command_column(command, info.idle != 0 ? TEXT("asleep") : TEXT("busy"), 7);
  command_column(command, TEXT("-"), 8);
  command_column(command, TEXT("-"), 6);
  command_column_decimal(command, number, 9);
  command_column_decimal(command, info.steps, 12);
  command_column(command, TEXT("-"), 11);
  put_milliseconds(command, info.idle_cycles);
  command_end_row(command);
}

static void put_task(command_t *command, const progress_t *progress, size_t place) {
  task_info_t info;
  if (!status_is_ok(task_describe(progress->indices[place], &info))) return;
  command_column_decimal(command, info.index, 5);
  command_column(command, COMMAND_FIELD(info.name), 20);
  put_share(command, progress, progress->units[place]);
  command_column(command, command_task_status(&info), 7);
  command_task_columns(command, &info, timer_cycles_to_nanoseconds(info.ran));
  command_end_row(command);
}

// As many rows as fit; `rows` is how many tasks are wanted.
static status_t put_rows(command_t *command, const progress_t *progress, uint64_t rows) {
  const uint64_t tasks = rows < progress->count ? rows : progress->count;
  for (; command_has_room(command); command->cursor++) {
    const bool processors = command->stage == kStageProcessors;
    if (command->cursor < (processors ? progress->online : tasks)) {
      if (processors) put_processor(command, progress, command->cursor);
      if (!processors) put_task(command, progress, command->cursor);
      continue;
    }
    if (!processors) return ERR(END);
    command->stage = kStageTasks;
    command->cursor = 0;
    return OK;
  }
  return OK;
}

static status_t rows_wanted(command_t *command, uint64_t *rows) {
  *rows = kUsualRows;
  if (command_words(command) > 2) return command_usage(command, TEXT("top [INTEGER]"));
  if (command_words(command) < 2) return OK;
  const u64_result_t number = command_number(command, 1);
  TRY(number.status);
  *rows = number.value;
  if (number.value >= 1 && number.value <= kWatched) return OK;
  return command_refuse(command, ERR(OUT_OF_RANGE), TEXT("top shows 1 to 18 tasks"),
                        TEXT("; `tasks`"), TEXT(" lists all"));
}

status_t command_top_step(command_t *command) {
  uint64_t rows;
  TRY(rows_wanted(command, &rows));
  progress_t progress;
  COMMAND_OPEN(command, &progress);
  if (command->stage == kStageLook) {
    TRY(look(&progress));
    COMMAND_COMMIT(command, &progress);
    command->stage = kStageWait;
  }
  if (command->stage == kStageWait) {
    TRY(timer_wait_until((nanoseconds_t){progress.until}));
    TRY(look_again(&progress));
    COMMAND_COMMIT(command, &progress);
    command_put(command, TEXT("INDEX NAME                 SHARE STATUS  PRIORITY WEIGHT "
                              "PROCESSOR STEPS        PREEMPTIONS RAN_MS\n"));
    command->stage = kStageProcessors;
  }
  return put_rows(command, &progress, rows);
}
