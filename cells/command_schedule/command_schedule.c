// SPDX-License-Identifier: MIT
#include "cells/command_schedule/command_schedule.h"

#include "cells/scheduler/scheduler.h"
#include "cells/timer/timer.h"
#include "patterns/command_task.h"

static const text_t kUsage =
    TEXT("schedule [TASK] [priority=N] [weight=N] [deadline=MICROSECONDS]");

static const uint64_t kNanosecondsPerMicrosecond = 1000;

enum { kSettingPriority, kSettingWeight, kSettingDeadline };
static const text_t kSettings[] = {
    [kSettingPriority] = TEXT("priority="),
    [kSettingWeight] = TEXT("weight="),
    [kSettingDeadline] = TEXT("deadline="),
};

// The number behind `name` in a setting.
static u64_result_t number_of(command_t *command, text_t word, text_t name) {
  const text_t digits = text_slice(word, name.length, word.length - name.length);
  u64_result_t number = number_text_digits(digits, 10);
  if (!status_is_ok(number.status)) {
    number.status = command_refuse(command, number.status, TEXT("no whole number of 64 bits: "),
                                   word, TEXT(""));
  }
  return number;
}

static status_t take_deadline(command_t *command, text_t word, uint64_t microseconds,
                              scheduler_wishes_t *wishes) {
  const u64_result_t time = checked_multiply(microseconds, kNanosecondsPerMicrosecond);
  if (!status_is_ok(time.status)) {
    return command_refuse(command, time.status, word, TEXT(" is longer than 584 years"), TEXT(""));
  }
  wishes->wanted |= kSchedulerDeadline;
  wishes->deadline.count = time.value;
  return OK;
}

static status_t take_setting(command_t *command, text_t word, scheduler_wishes_t *wishes) {
  for (size_t i = 0; i < COUNT_OF(kSettings); i++) {
    if (!text_starts_with(word, kSettings[i])) continue;
    const u64_result_t number = number_of(command, word, kSettings[i]);
    TRY(number.status);
    if (i == kSettingDeadline) return take_deadline(command, word, number.value, wishes);
    wishes->wanted |= i == kSettingPriority ? kSchedulerPriority : kSchedulerWeight;
    *(i == kSettingPriority ? &wishes->priority : &wishes->weight) = number.value;
    return OK;
  }
  return command_refuse(command, ERR(INVALID_ARGUMENT), word, TEXT(" is no setting; usage: "),
                        kUsage);
}

// The settings in the words from `first` on.
static status_t take_settings(command_t *command, size_t first, scheduler_wishes_t *wishes) {
  const size_t words = command_words(command);
  for (size_t i = first; i < words; i++) {
    TRY(take_setting(command, command_word(command, i), wishes));
  }
  return OK;
}

static status_t explain(command_t *command, status_t status, text_t name) {
  if (status_is(status, STATUS_OUT_OF_RANGE)) {
    return command_refuse(command, status, TEXT("priorities are 0, the most urgent, to 63"),
                          TEXT("; weights at least 1"), TEXT("; usual are 32 and 1024"));
  }
  if (status_is(status, STATUS_STALE)) {
    return command_refuse(command, status, TEXT("task "), name, TEXT(" has ended"));
  }
  return status;
}

// To the nearest microsecond, as it was typed.
static void put_deadline(command_t *command, uint64_t cycles) {
  const u64_result_t time = timer_cycles_to_nanoseconds(cycles);
  if (!status_is_ok(time.status)) return command_column(command, TEXT("-"), 0);
  const uint64_t half = kNanosecondsPerMicrosecond / 2;
  command_column_decimal(command, (time.value + half) / kNanosecondsPerMicrosecond, 0);
}

static status_t put_task(command_t *command, const task_info_t *info) {
  command_put(command, TEXT("INDEX NAME                 PRIORITY WEIGHT DEADLINE_US\n"));
  command_column_decimal(command, info->index, 5);
  command_column(command, COMMAND_FIELD(info->name), 20);
  command_column_decimal(command, info->priority, 8);
  command_column_decimal(command, info->weight, 6);
  put_deadline(command, info->deadline);
  command_end_row(command);
  return ERR(END);
}

static void put_count(command_t *command, text_t name, uint64_t value) {
  command_column(command, name, 10);
  command_column_decimal(command, value, 0);
  command_end_row(command);
}

static status_t put_scheduler(command_t *command) {
  scheduler_info_t info;
  TRY(scheduler_describe(&info));
  command_put(command, TEXT("WHAT       VALUE\n"));
  command_column(command, TEXT("policy"), 10);
  command_column(command, COMMAND_FIELD(info.policy), 0);
  command_end_row(command);
  put_count(command, TEXT("entries"), info.entries);
  put_count(command, TEXT("enqueued"), info.enqueued);
  put_count(command, TEXT("switched"), info.switched);
  put_count(command, TEXT("continued"), info.continued);
  put_count(command, TEXT("dropped"), info.dropped);
  put_count(command, TEXT("failures"), info.failures);
  return ERR(END);
}

status_t command_schedule_step(command_t *command) {
  const size_t words = command_words(command);
  if (words == 1) return put_scheduler(command);
  scheduler_wishes_t wishes = {};
  TRY(take_settings(command, 2, &wishes));
  task_info_t info;
  TRY(command_task_find(command, command_word(command, 1), &info));
  if (wishes.wanted != 0) {
    const task_t task = {info.index, info.generation};
    const status_t status = scheduler_configure(task, &wishes);
    if (!status_is_ok(status)) return explain(command, status, COMMAND_FIELD(info.name));
    TRY(task_describe(info.index, &info));
  }
  return put_task(command, &info);
}
