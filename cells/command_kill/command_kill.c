// SPDX-License-Identifier: MIT
#include "cells/command_kill/command_kill.h"

#include "patterns/command_task.h"

// Whoever cancels the shell is left without an answer, and without somebody to ask.
static const text_t kShell = TEXT("shell");

static status_t explain(command_t *command, status_t status, text_t name) {
  if (status_is(status, STATUS_STALE)) {
    return command_refuse(command, status, TEXT("task "), name, TEXT(" has ended already"));
  }
  if (status_is(status, STATUS_CANCELLED)) {
    return command_refuse(command, status, TEXT("task "), name,
                          TEXT(" was asked before; it ends with the step that it is in"));
  }
  if (status_is(status, STATUS_DENIED)) {
    return command_refuse(command, status, TEXT("the machine cannot do without task "), name,
                          TEXT("; its cell can be swapped"));
  }
  return status;
}

status_t command_kill_step(command_t *command) {
  if (command_words(command) != 2) return command_usage(command, TEXT("kill TASK"));
  task_info_t info;
  TRY(command_task_find(command, command_word(command, 1), &info));
  const text_t name = COMMAND_FIELD(info.name);
  if (text_equal(name, kShell)) return explain(command, ERR(DENIED), name);
  const status_t status = task_cancel((task_t){info.index, info.generation});
  if (!status_is_ok(status)) return explain(command, status, name);
  command_put(command, TEXT("kill "));
  command_column(command, name, 0);
  command_put_decimal(command, info.index);
  command_end_row(command);
  return ERR(END);
}
