// SPDX-License-Identifier: MIT
// The steps of all workers and of their children. They differ in what a turn does.
#include "cells/load_generator/alloc.h"
#include "cells/load_generator/calls.h"
#include "cells/load_generator/keys.h"
#include "cells/load_generator/load_generator.h"
#include "cells/load_generator/tasks.h"
#include "cells/load_generator/timers.h"

// The step of a worker: `load` names its types and functions, `Load` its constants.
#define WORKER_STEP(load, Load)                                          \
  status_t load_generator_##load##_step(task_progress_t *task) {         \
    load##_progress_t progress;                                          \
    TRY(SEALED_OPEN(task, k##Load##Tag, k##Load##Version, &progress));   \
    bool stopping;                                                       \
    TRY(worker_begin(kLoad##Load, &progress.worker, &stopping));         \
    batch_t batch = {};                                                  \
    const status_t status = load##_turn(&batch, &progress, stopping);    \
    SEALED_COMMIT(task, k##Load##Tag, k##Load##Version, &progress);      \
    return worker_finish(kLoad##Load, &progress.worker, &batch, status); \
  }

WORKER_STEP(calls, Calls)
WORKER_STEP(keys, Keys)
WORKER_STEP(alloc, Alloc)
WORKER_STEP(tasks, Tasks)
WORKER_STEP(timers, Timers)

status_t load_generator_child_step(task_progress_t *task) {
  task_child_progress_t child;
  TRY(SEALED_OPEN(task, kTaskChildTag, kTaskChildVersion, &child));
  const status_t status = task_child_turn(&child);
  SEALED_COMMIT(task, kTaskChildTag, kTaskChildVersion, &child);
  if (status_is_ok(status)) status_ignore(task_yield(), "then the tick takes the processor");
  return status;
}

status_t load_generator_sleeper_step(task_progress_t *task) {
  sleeper_progress_t sleeper;
  TRY(SEALED_OPEN(task, kSleeperTag, kSleeperVersion, &sleeper));
  bool stopping;
  TRY(worker_begin(kLoadTimers, &sleeper.worker, &stopping));
  batch_t batch = {};
  const status_t status = sleeper_turn(&batch, &sleeper, stopping);
  SEALED_COMMIT(task, kSleeperTag, kSleeperVersion, &sleeper);
  worker_add(kLoadTimers, &sleeper.worker, &batch);
  return status;
}
