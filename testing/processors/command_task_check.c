// SPDX-License-Identifier: MIT
// A command that makes children and asks for what makes no sense: `task_check` joins them twice,
// joins itself, cancels what has ended, and prints TAP.
#include "nano_core/api/cell.h"
#include "patterns/tap.h"

CELL_EXPORT status_t command_task_check_step(LENT command_t *command);
CELL_EXPORT status_t command_task_check_child_step(LENT task_progress_t *progress);

enum {
  kChildTag = SEALED_TAG('T', 'C', 'H', 'K'),
  kChildVersion = 1,
  kRounds = 5,
  kManyWatches = 9,  // more than a step has
  kSignals = 10000,  // after which a child that listens for them is deaf
};

// What a child does.
enum child_kind {
  kChildCounts,
  kChildFails,
  kChildListens,  // for one event, and then for another again and again
  kChildWaits,
  kChildWaitsAlone,
  kChildren,
};

typedef struct child_progress {
  uint64_t kind;
  uint64_t steps;
  event_t never;
  event_t go;
} child_progress_t;

typedef struct check_progress {
  reference_t step;
  event_t never;  // is not signalled before the end
  event_t go;     // is, until the child that listens has ended
  uint64_t signals;
  task_t children[kChildren];
  uint64_t next;  // child to be joined
  tap_t tap;
} check_progress_t;

enum { kStageBegin, kStageJoin, kStageLast };

static status_t listen(const child_progress_t *child) {
  TRY(event_watch(child->go));
  for (size_t i = 0; i < kManyWatches; i++) TRY(event_watch(child->never));
  return child->steps > 1 ? ERR(END) : ERR(WOULD_BLOCK);
}

status_t command_task_check_child_step(task_progress_t *task) {
  child_progress_t child;
  TRY(SEALED_OPEN(task, kChildTag, kChildVersion, &child));
  child.steps++;
  SEALED_COMMIT(task, kChildTag, kChildVersion, &child);
  switch (child.kind) {
    case kChildCounts:
      return child.steps == kRounds ? ERR(END) : task_yield();
    case kChildFails:
      return ERR(IO_ERROR);
    case kChildListens:
      return listen(&child);
    default:
      TRY(event_watch(child.never));
      return ERR(WOULD_BLOCK);
  }
}

static task_result_t spawn(check_progress_t *progress, uint64_t kind) {
  const child_progress_t child = {.kind = kind, .never = progress->never, .go = progress->go};
  task_progress_t task = {};
  SEALED_COMMIT(&task, kChildTag, kChildVersion, &child);
  TRY_RESULT(task_result_t, reference_retain(progress->step));
  if (kind == kChildWaitsAlone) return task_spawn(TEXT("check"), progress->step, &task);
  return task_spawn_joinable(TEXT("check"), progress->step, &task);
}

static status_t begin(command_t *command, check_progress_t *progress) {
  const reference_result_t step = reference_obtain(TEXT("command_task_check_child_step"));
  TRY(step.status);
  const event_result_t never = event_create();
  TRY(never.status);
  progress->step = step.value;
  progress->never = never.value;
  const event_result_t go = event_create();
  TRY(go.status);
  progress->go = go.value;
  for (uint64_t i = 0; i < kChildren; i++) {
    const task_result_t task = spawn(progress, i);
    TRY(task.status);
    progress->children[i] = task.value;
  }
  command->stage = kStageJoin;
  return OK;
}

static bool joins_as(task_t task, enum status_code wanted) {
  task_end_t end;
  return status_is(task_join(task, &end), wanted);
}

// Before any of them is waited for: what cannot be joined, or cannot be cancelled twice.
static void check_refusals(command_t *command, check_progress_t *progress) {
  tap_t *tap = &progress->tap;
  const task_result_t self = task_self();
  tap_check(tap, command, status_is_ok(self.status), TEXT("a step knows its task"));
  tap_check(tap, command, joins_as(self.value, STATUS_INVALID_ARGUMENT),
            TEXT("joining oneself is INVALID_ARGUMENT"));
  tap_check(tap, command, joins_as((task_t){}, STATUS_STALE), TEXT("joining nobody is STALE"));
  tap_check(tap, command, joins_as((task_t){UINT32_MAX, 1}, STATUS_STALE),
            TEXT("joining what cannot be a task is STALE"));
  const task_t alone = progress->children[kChildWaitsAlone];
  tap_check(tap, command, joins_as(alone, STATUS_UNSUPPORTED),
            TEXT("joining one that is not joinable is UNSUPPORTED"));
  const task_t waits = progress->children[kChildWaits];
  tap_check(tap, command, joins_as(waits, STATUS_WOULD_BLOCK),
            TEXT("joining one that lives is WOULD_BLOCK"));
  tap_check(tap, command, status_is_ok(task_cancel(waits)), TEXT("one that waits is cancelled"));
  const status_t again = task_cancel(waits);
  tap_check(tap, command, status_is(again, STATUS_CANCELLED) || status_is(again, STATUS_STALE),
            TEXT("cancelling it again is CANCELLED, or STALE once it has ended"));
  tap_check(tap, command, status_is_ok(task_cancel(alone)), TEXT("so is one that is alone"));
  tap_check(tap, command, status_is(task_cancel((task_t){}), STATUS_STALE),
            TEXT("cancelling nobody is STALE"));
}

// What the child should have ended with.
static bool ended_rightly(uint64_t kind, const task_end_t *end) {
  if (kind == kChildCounts) return status_is(end->result, STATUS_END) && end->steps == kRounds;
  if (kind == kChildFails) return status_is(end->result, STATUS_IO_ERROR) && end->steps == 1;
  if (kind == kChildListens) return status_is(end->result, STATUS_END);
  return status_is(end->result, STATUS_CANCELLED);
}

static text_t ending(uint64_t kind) {
  if (kind == kChildCounts) return TEXT("a child that is done is joined with END and its steps");
  if (kind == kChildFails) return TEXT("one that fails is joined with its error");
  if (kind == kChildListens) return TEXT("one that watches an event often is woken by another");
  return TEXT("one that was cancelled is joined with CANCELLED");
}

// The child may not listen yet. One that never hears ends as cancelled, which is not right.
static status_t call(check_progress_t *progress) {
  TRY(event_signal(progress->go));
  if (++progress->signals == kSignals) TRY(task_cancel(progress->children[kChildListens]));
  return task_yield();
}

static status_t join_next(command_t *command, check_progress_t *progress) {
  if (progress->next == 0 && progress->tap.count == 0) check_refusals(command, progress);
  const task_t child = progress->children[progress->next];
  task_end_t end = {};
  const status_t status = task_join(child, &end);
  if (status_is(status, STATUS_WOULD_BLOCK)) {
    return progress->next == kChildListens ? call(progress) : status;
  }
  tap_t *tap = &progress->tap;
  tap_check(tap, command, status_is_ok(status) && ended_rightly(progress->next, &end),
            ending(progress->next));
  tap_check(tap, command, joins_as(child, STATUS_STALE), TEXT("joining it twice is STALE"));
  tap_check(tap, command, status_is(task_cancel(child), STATUS_STALE),
            TEXT("cancelling what has ended is STALE"));
  if (++progress->next == kChildWaitsAlone) command->stage = kStageLast;
  return OK;
}

static status_t finish(command_t *command, check_progress_t *progress) {
  const task_t alone = progress->children[kChildWaitsAlone];
  // It was cancelled before others that have ended; give it the time that it takes.
  if (command->cursor++ < 1000 && joins_as(alone, STATUS_UNSUPPORTED)) return task_yield();
  tap_check(&progress->tap, command, joins_as(alone, STATUS_STALE),
            TEXT("joining one that was never joinable and has ended is STALE"));
  TRY(reference_release(progress->step));
  TRY(event_destroy(progress->never));
  TRY(event_destroy(progress->go));
  return tap_end(&progress->tap, command);
}

status_t command_task_check_step(command_t *command) {
  check_progress_t progress;
  COMMAND_OPEN(command, &progress);
  status_t status = OK;
  if (command->stage == kStageBegin) {
    status = begin(command, &progress);
  } else if (command->stage == kStageJoin) {
    status = join_next(command, &progress);
  } else {
    status = finish(command, &progress);
  }
  COMMAND_COMMIT(command, &progress);
  return status;
}
