// SPDX-License-Identifier: MIT
/// @file
/// What the commands about tasks (tasks, top, kill, schedule) share: which one is meant, and what
/// is said about it.
/// @spill none
#pragma once
#include "nano_core/api/task.h"
#include "patterns/command.h"

/// The word for what a task does.
static inline text_t command_task_status(const task_info_t *info) {
  switch (info->status) {
    case kTaskReady:
      return TEXT("ready");
    case kTaskRunning:
      return TEXT("running");
    case kTaskWaiting:
      return TEXT("waiting");
    case kTaskEnded:
      return TEXT("ended");
    default:
      return TEXT("unknown");
  }
}

/// Appends the last columns of a row about a task: PRIORITY WEIGHT PROCESSOR STEPS PREEMPTIONS
/// RAN_MS.
/// @param ran  nanoseconds that it ran; `-` is printed where nobody can tell
COMMAND_SHARED void command_task_columns(command_t *command, const task_info_t *info,
                                         u64_result_t ran) {
  command_column_decimal(command, info->priority, 8);
  command_column_decimal(command, info->weight, 6);
  command_column_decimal(command, info->processor, 9);
  command_column_decimal(command, info->steps, 12);
  command_column_decimal(command, info->preemptions, 11);
  if (status_is_ok(ran.status)) {
    command_column_decimal(command, ran.value / 1000000, 0);
  } else {
    command_column(command, TEXT("-"), 0);
  }
}

/// The tasks of a name that have not ended, as far as there was room for their numbers.
typedef struct command_task_names {
  task_info_t first;
  uint64_t count;
  char numbers[kMessageBytes / 2];
  size_t length;
} command_task_names_t;

static inline void command_task_note(command_task_names_t *names, const task_info_t *info) {
  char digits[kNumberTextDecimalDigits];
  const size_result_t length = number_text_decimal(SPAN_OF(text_buffer, digits), info->index);
  const text_buffer_t room = SPAN_OF(text_buffer, names->numbers);
  if (names->count++ == 0) names->first = *info;
  if (names->length + 1 + length.value > room.length) return;
  names->numbers[names->length++] = ' ';
  names->length += text_copy(text_buffer_slice(room, names->length, length.value),
                             text_slice(SPAN_OF(text, digits), 0, length.value));
}

/// The task of a name.
/// @errors   NOT_FOUND, INVALID_ARGUMENT: none, or several; the message says so
COMMAND_SHARED status_t command_task_by_name(command_t *command, text_t name, task_info_t *info) {
  command_task_names_t names = {};
  for (uint64_t index = 0;; index++) {
    task_info_t found;
    const status_t status = task_describe(index, &found);
    if (status_is(status, STATUS_OUT_OF_RANGE)) break;
    if (status_is(status, STATUS_NOT_FOUND)) continue;
    TRY(status);
    if (found.status == kTaskEnded || !text_equal(COMMAND_FIELD(found.name), name)) continue;
    command_task_note(&names, &found);
  }
  if (names.count == 0) {
    return command_refuse(command, ERR(NOT_FOUND), TEXT("no task is called "), name,
                          TEXT("; `tasks` lists them"));
  }
  *info = names.first;
  if (names.count == 1) return OK;
  return command_refuse(command, ERR(INVALID_ARGUMENT), name,
                        TEXT(" is the name of several; say which by its number:"),
                        text_slice(SPAN_OF(text, names.numbers), 0, names.length));
}

/// The task that a word of the line means, by its number in the table or its name.
/// @param info  on OK its description
/// @errors   NOT_FOUND: there is none. INVALID_ARGUMENT: several have that name; the message has
///           their numbers.
COMMAND_SHARED status_t command_task_find(command_t *command, text_t word, task_info_t *info) {
  if (text_equal(word, TEXT("idle")) || text_starts_with(word, TEXT("idle/"))) {
    return command_refuse(command, ERR(NOT_FOUND), word, TEXT(" is no task"),
                          TEXT(": it is a processor that sleeps since none is ready"));
  }
  const u64_result_t number = number_text_parse(word);
  if (!status_is_ok(number.status)) return command_task_by_name(command, word, info);
  const status_t status = task_describe(number.value, info);
  if (!status_is(status, STATUS_NOT_FOUND) && !status_is(status, STATUS_OUT_OF_RANGE)) {
    return status;
  }
  return command_refuse(command, ERR(NOT_FOUND), TEXT("no task has the number "), word,
                        TEXT("; `tasks` lists them"));
}
