// SPDX-License-Identifier: MIT
#include "testing/specimens/stepped/stepped.h"

#include "testing/specimens/stepped_callee/stepped_callee.h"

STATE(stepped_counts_t, stepped_counts);

static const task_progress_t kFresh = {};

static uint64_t ask(void) {
  monitor_enter(&state_stepped_counts->monitor);
  const uint64_t question = state_stepped_counts->asked;
  state_set(&state_stepped_counts->asked, question + 1);
  monitor_exit(&state_stepped_counts->monitor);
  return question;
}

static void count(const uint64_t *counter) {
  monitor_enter(&state_stepped_counts->monitor);
  state_set(counter, *counter + 1);
  monitor_exit(&state_stepped_counts->monitor);
}

status_t stepped_step(task_progress_t *progress) {
  (void)progress;
  const uint64_t question = ask();
  const u64_result_t answer = stepped_callee_answer(question);
  if (status_is(answer.status, STATUS_FAULT)) {
    count(&state_stepped_counts->failed);
  } else if (status_is_ok(answer.status) && answer.value == ~question) {
    count(&state_stepped_counts->right);
  } else {
    count(&state_stepped_counts->wrong);
  }
  return OK;
}

status_t stepped_start(void) {
  const reference_result_t step = reference_obtain(TEXT("stepped_step"));
  TRY(step.status);
  const task_result_t task = task_spawn(TEXT("stepped"), step.value, &kFresh);
  if (!status_is_ok(task.status)) {
    status_ignore(reference_release(step.value), "the first error counts");
  }
  return task.status;
}
