// SPDX-License-Identifier: MIT
#include "testing/specimens/stepped/stepped.h"

#include "testing/specimens/stepped_callee/stepped_callee.h"

STATE(stepped_counts_t, stepped_counts);

static const task_progress_t kFresh = {};

// Counts a question.
static stepped_counts_t ask(void) {
  monitor_enter(&state_stepped_counts->monitor);
  const stepped_counts_t counts = *state_stepped_counts;
  state_set(&state_stepped_counts->asked, counts.asked + 1);
  monitor_exit(&state_stepped_counts->monitor);
  return counts;
}

static void count(const uint64_t *counter) {
  monitor_enter(&state_stepped_counts->monitor);
  state_set(counter, *counter + 1);
  monitor_exit(&state_stepped_counts->monitor);
}

static bool is_right(u64_result_t answer, uint64_t question) {
  return status_is_ok(answer.status) && answer.value == ~question;
}

status_t stepped_step(task_progress_t *progress) {
  (void)progress;
  const stepped_counts_t counts = ask();
  const uint64_t question = counts.asked;
  const u64_result_t called = stepped_callee_answer(question);
  const u64_result_t referred = reference_call(counts.reference, question, 0, 0, 0, 0);
  if (status_is(called.status, STATUS_FAULT) || status_is(referred.status, STATUS_FAULT)) {
    count(&state_stepped_counts->failed);
  } else if (is_right(called, question) && is_right(referred, question)) {
    count(&state_stepped_counts->right);
  } else {
    count(&state_stepped_counts->wrong);
  }
  return OK;
}

static status_t keep_reference(void) {
  const reference_result_t callee = reference_obtain(TEXT("stepped_callee_answer"));
  TRY(callee.status);
  monitor_enter(&state_stepped_counts->monitor);
  state_set(&state_stepped_counts->reference, callee.value);
  monitor_exit(&state_stepped_counts->monitor);
  return OK;
}

status_t stepped_start(void) {
  TRY(keep_reference());
  const reference_result_t step = reference_obtain(TEXT("stepped_step"));
  TRY(step.status);
  const task_result_t task = task_spawn(TEXT("stepped"), step.value, &kFresh);
  if (!status_is_ok(task.status)) {
    status_ignore(reference_release(step.value), "the first error counts");
  }
  return task.status;
}
