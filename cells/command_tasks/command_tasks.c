// SPDX-License-Identifier: MIT
#include "cells/command_tasks/command_tasks.h"

#include "nano_core/api/task.h"

static text_t status_word(uint32_t status) {
  switch (status) {
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

static void put_row(command_t *command, const task_info_t *info) {
  command_column_decimal(command, info->index, 5);
  command_column(command, COMMAND_FIELD(info->name), 20);
  command_column(command, status_word(info->status), 7);
  command_column_decimal(command, info->steps, 12);
  command_column_decimal(command, info->preemptions, 0);
  command_end_row(command);
}

status_t command_tasks_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("tasks"));
  if (command->cursor == 0) {
    command_put(command, TEXT("INDEX NAME                 STATUS  STEPS        PREEMPTIONS\n"));
  }
  for (; command_has_room(command); command->cursor++) {
    task_info_t info;
    const status_t status = task_describe(command->cursor, &info);
    if (status_is(status, STATUS_NOT_FOUND)) continue;
    if (status_is(status, STATUS_OUT_OF_RANGE)) return ERR(END);
    TRY(status);
    put_row(command, &info);
  }
  return OK;
}
