// SPDX-License-Identifier: MIT
#include "cells/command_tasks/command_tasks.h"

#include "cells/timer/timer.h"
#include "nano_core/api/cycle_counter.h"
#include "patterns/command_task.h"

// A step is meant to end soon; one that has been under way for so long will hardly.
static const uint64_t kStuckNanoseconds = 1000000000;

static bool is_stuck(const task_info_t *info) {
  if (info->step_started == 0) return false;
  const uint64_t now = cycle_counter();
  if (now <= info->step_started) return false;  // begun since, on another processor
  const u64_result_t time = timer_cycles_to_nanoseconds(now - info->step_started);
  return status_is_ok(time.status) && time.value > kStuckNanoseconds;
}

static void put_row(command_t *command, const task_info_t *info) {
  command_column_decimal(command, info->index, 5);
  command_column(command, COMMAND_FIELD(info->name), 20);
  command_column(command, is_stuck(info) ? TEXT("stuck") : command_task_status(info), 7);
  command_task_columns(command, info, timer_cycles_to_nanoseconds(info->ran));
  command_end_row(command);
}

status_t command_tasks_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("tasks"));
  if (command->cursor == 0) {
    command_put(command, TEXT("INDEX NAME                 STATUS  PRIORITY WEIGHT PROCESSOR "
                              "STEPS        PREEMPTIONS RAN_MS\n"));
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
