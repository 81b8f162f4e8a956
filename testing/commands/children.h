// SPDX-License-Identifier: MIT
/// @file
/// The tasks that a test's command makes, and joins one after another. Their handles stand in a
/// blob of the command's cell, STATE(children_table_t, NAME); how far it came, in its progress.
/// @spill none
#pragma once
#include "nano_core/api/cell.h"

enum {
  kChildrenMost = 12000,
  kChildrenPerStep = 32,  // made or joined in one step of the command
};

typedef struct children_table {
  monitor_t monitor;
  task_t tasks[kChildrenMost];
} children_table_t;

typedef struct children {
  reference_t step;
  uint64_t made;
  uint64_t joined;
  uint64_t wrong;  // of those that were joined
} children_t;

/// Begins with none.
/// @param step  the published function that is their step
/// @errors   those of reference_obtain
static inline status_t children_begin(children_t *children, text_t step) {
  const reference_result_t obtained = reference_obtain(step);
  TRY(obtained.status);
  *children = (children_t){.step = obtained.value};
  return OK;
}

/// Makes one more.
/// @errors   NO_SPACE: there are kChildrenMost. Those of task_spawn_joinable. It is not made.
static inline status_t children_spawn(children_t *children, const children_table_t *table,
                                      text_t name, const task_progress_t *progress) {
  if (children->made == kChildrenMost) return ERR(NO_SPACE);
  TRY(reference_retain(children->step));
  const task_result_t task = task_spawn_joinable(name, children->step, progress);
  if (!status_is_ok(task.status)) {
    status_ignore(reference_release(children->step), "the first error counts");
    return task.status;
  }
  monitor_enter(&table->monitor);
  state_set(&table->tasks[children->made], task.value);
  monitor_exit(&table->monitor);
  children->made++;
  return OK;
}

/// Joins the next ones, at most kChildrenPerStep. Wrong is one that ended with anything but END, or
/// after less than `least_steps` steps.
/// @errors   END: all are joined, and nothing is held any more. WOULD_BLOCK: the next one lives,
/// and
///           its end is watched. Those of task_join.
static inline status_t children_join(children_t *children, const children_table_t *table,
                                     uint64_t least_steps) {
  for (size_t i = 0; i < kChildrenPerStep; i++) {
    if (children->joined == children->made) {
      TRY(reference_release(children->step));
      return ERR(END);
    }
    monitor_enter(&table->monitor);
    const task_t child = table->tasks[children->joined];
    monitor_exit(&table->monitor);
    task_end_t end = {};
    TRY(task_join(child, &end));
    children->joined++;
    if (!status_is(end.result, STATUS_END) || end.steps < least_steps) children->wrong++;
  }
  return OK;
}
