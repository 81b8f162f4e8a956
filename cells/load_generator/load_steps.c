// SPDX-License-Identifier: MIT
// The steps of workers and of their children, which differ in what a turn does; and what steps in
// other cells do before and after.
#include "cells/load_generator/alloc.h"
#include "cells/load_generator/keys.h"
#include "cells/load_generator/load_generator.h"
#include "cells/load_generator/tasks.h"
#include "cells/load_generator/timers.h"

// The step of a worker: `load` names its types and functions, `Load` its constants.
#define WORKER_STEP(load, Load)                                        \
  status_t load_generator_##load##_step(task_progress_t *task) {       \
    load##_progress_t progress;                                        \
    TRY(SEALED_OPEN(task, k##Load##Tag, k##Load##Version, &progress)); \
    bool stopping;                                                     \
    TRY(worker_begin(&progress.worker, nullptr, &stopping));           \
    load_batch_t batch = {};                                           \
    const status_t status = load##_turn(&batch, &progress, stopping);  \
    SEALED_COMMIT(task, k##Load##Tag, k##Load##Version, &progress);    \
    return worker_finish(&progress.worker, &batch, status);            \
  }

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
  TRY(worker_begin(&sleeper.worker, nullptr, &stopping));
  load_batch_t batch = {};
  const status_t status = sleeper_turn(&batch, &sleeper, stopping);
  SEALED_COMMIT(task, kSleeperTag, kSleeperVersion, &sleeper);
  worker_add(&sleeper.worker, &batch);
  return status;
}

static status_t check_worker(const load_worker_t *worker) {
  return worker->load < kLoads && worker->number < kWorkers ? OK : ERR(OUT_OF_RANGE);
}

bool_result_t load_generator_begin(const load_worker_t *worker, const load_batch_t *batch) {
  TRY_RESULT(bool_result_t, check_worker(worker));
  bool stopping;
  TRY_RESULT(bool_result_t, worker_begin(worker, batch, &stopping));
  return (bool_result_t){.value = stopping};
}

status_t load_generator_leave(const load_worker_t *worker) {
  TRY(check_worker(worker));
  worker_stop(worker);
  return OK;
}
