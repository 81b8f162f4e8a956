// SPDX-License-Identifier: MIT
// A command that swaps a cell while calls are inside it: `pins_check [ROUNDS]`. Its children do
// nothing but wait for answers of the dawdler, each of which takes several slices of a processor.
#include "nano_core/api/cell.h"
#include "patterns/command_request.h"
#include "patterns/tap.h"
#include "testing/specimens/dawdler/dawdler.h"
#include "testing/swap/old_instance.h"

CELL_EXPORT status_t command_pins_check_step(LENT command_t *command);
CELL_EXPORT status_t command_pins_check_child_step(LENT task_progress_t *progress);

enum { kChildTag = SEALED_TAG('P', 'I', 'N', 'S'), kChildVersion = 1 };

// An answer takes three slices where a cycle is a nanosecond, one on the fastest processor.
enum { kChildren = 3, kDefaultRounds = 20, kAnswerCycles = 30000000 };

enum { kStageBegin, kStageSwap, kStageWait, kStageJoin };

typedef struct child_progress {
  uint64_t questions;
} child_progress_t;

typedef struct check_progress {
  reference_t step;
  task_t children[kChildren];
  request_t request;
  uint64_t rounds;
  uint64_t swaps;
  uint64_t in_flight;    // swaps that met a call
  uint64_t left_mapped;  // pages of old instances that outlived their swap
  uint64_t joined;
  uint64_t served;  // children that had right answers only
  old_instance_t before;
} check_progress_t;

status_t command_pins_check_child_step(task_progress_t *task) {
  child_progress_t child;
  TRY(SEALED_OPEN(task, kChildTag, kChildVersion, &child));
  child.questions++;
  const u64_result_t answer = dawdler_answer(kAnswerCycles, child.questions);
  TRY(answer.status);
  if (answer.value != child.questions + 1) return ERR(INTERNAL);
  SEALED_COMMIT(task, kChildTag, kChildVersion, &child);
  return OK;
}

static status_t spawn(check_progress_t *progress) {
  const child_progress_t child = {};
  task_progress_t task = {};
  SEALED_COMMIT(&task, kChildTag, kChildVersion, &child);
  for (size_t i = 0; i < kChildren; i++) {
    TRY(reference_retain(progress->step));
    const task_result_t made = task_spawn_joinable(TEXT("dawdling"), progress->step, &task);
    TRY(made.status);
    progress->children[i] = made.value;
  }
  return OK;
}

static status_t begin(command_t *command, check_progress_t *progress) {
  progress->rounds = kDefaultRounds;
  if (command_words(command) > 1) {
    const u64_result_t rounds = command_number(command, 1);
    TRY(rounds.status);
    progress->rounds = rounds.value;
  }
  const reference_result_t step = reference_obtain(TEXT("command_pins_check_child_step"));
  TRY(step.status);
  progress->step = step.value;
  // Loads it, so that there is something to be swapped.
  TRY(dawdler_answer(0, 0).status);
  TRY(spawn(progress));
  command->stage = kStageSwap;
  return task_yield();
}

static status_t end_children(command_t *command, const check_progress_t *progress) {
  for (size_t i = 0; i < kChildren; i++) {
    status_ignore(task_cancel(progress->children[i]), "one that has failed is found by its join");
  }
  command->stage = kStageJoin;
  return OK;
}

static status_t swap(command_t *command, check_progress_t *progress) {
  if (progress->swaps == progress->rounds) return end_children(command, progress);
  TRY(old_instance_find(TEXT("dawdler"), &progress->before));
  const request_result_t request = command_request_one(kRequestSwap, TEXT("dawdler"), TEXT(""));
  TRY(request.status);
  progress->request = request.value;
  command->stage = kStageWait;
  return OK;
}

static status_t look_back(command_t *command, check_progress_t *progress) {
  TRY(command_request_poll(command, progress->request));
  request_outcome_t outcome;
  TRY(request_outcome(progress->request, 0, &outcome));
  TRY(request_close(progress->request));
  progress->in_flight += outcome.pinned > 0;
  progress->left_mapped += old_instance_pages(&progress->before);
  progress->swaps++;
  command->stage = kStageSwap;
  return task_yield();
}

static status_t report(command_t *command, const check_progress_t *progress) {
  tap_t tap = {};
  command_put(command, TEXT("swaps "));
  command_put_decimal(command, progress->swaps);
  command_put(command, TEXT(" with a call in flight "));
  command_put_decimal(command, progress->in_flight);
  command_put(command, TEXT("\n"));
  tap_check(&tap, command, progress->in_flight * 2 >= progress->swaps,
            TEXT("half of the swaps met a call in flight"));
  tap_check(&tap, command, progress->left_mapped == 0, TEXT("no page of an old instance is left"));
  tap_check(&tap, command, progress->served == kChildren, TEXT("every call was answered rightly"));
  return tap_end(&tap, command);
}

static status_t join(command_t *command, check_progress_t *progress) {
  while (progress->joined < kChildren) {
    task_end_t end;
    TRY(task_join(progress->children[progress->joined], &end));
    progress->joined++;
    progress->served += status_is(end.result, STATUS_CANCELLED) && end.steps > 1;
  }
  TRY(reference_release(progress->step));
  return report(command, progress);
}

static status_t go_on(command_t *command, check_progress_t *progress) {
  switch (command->stage) {
    case kStageBegin:
      return begin(command, progress);
    case kStageSwap:
      return swap(command, progress);
    case kStageWait:
      return look_back(command, progress);
    default:
      return join(command, progress);
  }
}

status_t command_pins_check_step(command_t *command) {
  check_progress_t progress;
  COMMAND_OPEN(command, &progress);
  const status_t status = go_on(command, &progress);
  COMMAND_COMMIT(command, &progress);
  return status;
}
