// SPDX-License-Identifier: MIT
/// @file
/// The children that workers of `tasks` and `timers` make and join.
#pragma once
#include "cells/load_generator/worker.h"

static const uint64_t kChildrenLookNs = 5000000;

typedef struct child {
  task_t task;        // {0, 0}: there is none
  uint64_t number;    // that it was given
  uint64_t since_ns;  // when it was made
} child_t;

/// Obtains the children's step, once a worker.
static inline bool children_prepare(load_batch_t *batch, reference_t *step, text_t function) {
  if (!reference_is_none(*step)) return true;
  const reference_result_t obtained = reference_obtain(function);
  if (!batch_accept(batch, obtained.status)) return false;
  *step = obtained.value;
  return true;
}

/// Makes a child, NAME/WORKER.PLACE.
static inline bool children_spawn(load_batch_t *batch, child_t *child, const load_worker_t *worker,
                                  text_t load, uint64_t place, reference_t step,
                                  const task_progress_t *progress) {
  char name[kTaskNameBytes];
  const text_buffer_t buffer = SPAN_OF(text_buffer, name);
  size_t length = text_copy(buffer, load);
  length = worker_put_number(buffer, length, TEXT("/"), worker->number);
  length = worker_put_number(buffer, length, TEXT("."), place);
  const task_result_t task =
      worker_spawn(text_slice(SPAN_OF(text, name), 0, length), step, progress, true);
  // A full table of tasks is no wrong answer: the child is made later.
  if (status_is(task.status, STATUS_NO_MEMORY)) {
    batch->retries++;
    return false;
  }
  if (!batch_accept(batch, task.status)) return false;
  child->task = task.value;
  return true;
}

/// Asks how a child ended. Where that cannot be told, `end` has the reason for its result.
/// @returns  whether it has; its place is empty then
static inline bool children_join(child_t *child, task_end_t *end) {
  const status_t status = task_join(child->task, end);
  if (status_is(status, STATUS_WOULD_BLOCK)) return false;
  if (!status_is_ok(status)) *end = (task_end_t){.result = status};
  child->task = (task_t){};
  return true;
}

/// Gives a child up that does not come.
static inline void children_abandon(load_batch_t *batch, child_t *child) {
  status_ignore(task_cancel(child->task), "it is lost already");
  child->task = (task_t){};
  batch->lost++;
}

/// Ends a turn of their parent at `now_ns`. END: all are gone, and it is stopping. OK: it was busy
/// with some. WOULD_BLOCK: the ends of some are watched, and the timer tells of the others.
static inline status_t children_wait(load_batch_t *batch, reference_t *step, bool done, bool busy,
                                     uint64_t now_ns) {
  if (done) {
    batch_accept(batch, reference_release(*step));
    return ERR(END);
  }
  if (busy) return OK;
  const status_t status = timer_wait_until((nanoseconds_t){now_ns + kChildrenLookNs});
  return status_is(status, STATUS_WOULD_BLOCK) ? status : OK;
}
