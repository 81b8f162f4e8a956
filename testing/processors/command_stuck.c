// SPDX-License-Identifier: MIT
// A command that makes a task whose step never ends.
#include "nano_core/api/cell.h"
#include "patterns/command.h"

CELL_EXPORT status_t command_stuck_step(LENT command_t *command);
CELL_EXPORT status_t command_stuck_child_step(LENT task_progress_t *progress);

static const task_progress_t kFresh = {};

status_t command_stuck_child_step(task_progress_t *progress) {
  (void)progress;
  for (;;) {
  }
}

status_t command_stuck_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("stuck"));
  const reference_result_t step = reference_obtain(TEXT("command_stuck_child_step"));
  TRY(step.status);
  const task_result_t task = task_spawn(TEXT("endless"), step.value, &kFresh);
  if (status_is_ok(task.status)) return ERR(END);
  status_ignore(reference_release(step.value), "the first error counts");
  return task.status;
}
