// SPDX-License-Identifier: MIT
// A command that gives references back while others call through them: `reference_check [ROUNDS]`.
// In turns it obtains a reference to one of two functions, tells its children, and gives it back,
// so that both functions have the same place in the table by and by. A child that calls through
// what it was told either reaches that function, or is told that the reference is stale.
#include "nano_core/api/cell.h"
#include "patterns/tap.h"
#include "testing/commands/children.h"

CELL_EXPORT status_t command_reference_check_step(LENT command_t *command);
CELL_EXPORT status_t command_reference_check_child_step(LENT task_progress_t *progress);
CELL_EXPORT u64_result_t command_reference_check_even(void);
CELL_EXPORT u64_result_t command_reference_check_odd(void);

enum { kChildren = 6, kRoundsPerStep = 64, kCallsPerStep = 256, kDefaultRounds = 60000 };

enum { kLooks = 300 };  // as long as a reference is held

enum { kStageBegin, kStageGive, kStageJoin };

// What the children are told is one word: the reference's generation above its index above which of
// the two functions it names.
enum { kGenerationShift = 32 };

typedef struct reference_check_told {
  monitor_t monitor;
  uint64_t reference;  // 0: nothing yet
  uint64_t done;       // 1: the children end
  uint64_t calls;
  uint64_t stale;
  uint64_t wrong;
} reference_check_told_t;

STATE(children_table_t, reference_check_children);
STATE(reference_check_told_t, reference_check_told);

typedef struct check_progress {
  children_t children;
  uint64_t rounds;
  uint64_t given;
} check_progress_t;

static const task_progress_t kFresh = {};

u64_result_t command_reference_check_even(void) { return (u64_result_t){.value = 0}; }

u64_result_t command_reference_check_odd(void) { return (u64_result_t){.value = 1}; }

typedef struct counts {
  uint64_t calls;
  uint64_t stale;
  uint64_t wrong;
} counts_t;

static void call_once(counts_t *counts) {
  const uint64_t told = state_peek(&state_reference_check_told->reference);
  if (told == 0) return;
  const reference_t reference = {(uint32_t)told >> 1, (uint32_t)(told >> kGenerationShift)};
  const u64_result_t answer = reference_call(reference, 0, 0, 0, 0, 0);
  counts->calls++;
  if (status_is(answer.status, STATUS_STALE)) {
    counts->stale++;
  } else if (!status_is_ok(answer.status) || answer.value != (told & 1)) {
    counts->wrong++;
  }
}

status_t command_reference_check_child_step(task_progress_t *progress) {
  (void)progress;
  const reference_check_told_t *told = state_reference_check_told;
  counts_t counts = {};
  for (size_t i = 0; i < kCallsPerStep; i++) call_once(&counts);
  monitor_enter(&state_reference_check_told->monitor);
  state_set(&told->calls, told->calls + counts.calls);
  state_set(&told->stale, told->stale + counts.stale);
  state_set(&told->wrong, told->wrong + counts.wrong);
  const bool done = told->done != 0;
  monitor_exit(&state_reference_check_told->monitor);
  return done ? ERR(END) : task_yield();
}

static void reset(void) {
  const reference_check_told_t *told = state_reference_check_told;
  monitor_enter(&state_reference_check_told->monitor);
  state_publish(&told->reference, 0);
  state_set(&told->done, UINT64_C(0));
  state_set(&told->calls, UINT64_C(0));
  state_set(&told->stale, UINT64_C(0));
  state_set(&told->wrong, UINT64_C(0));
  monitor_exit(&state_reference_check_told->monitor);
}

static status_t begin(command_t *command, check_progress_t *progress) {
  progress->rounds = kDefaultRounds;
  if (command_words(command) > 1) {
    const u64_result_t rounds = command_number(command, 1);
    TRY(rounds.status);
    progress->rounds = rounds.value;
  }
  reset();
  TRY(children_begin(&progress->children, TEXT("command_reference_check_child_step")));
  command->stage = kStageGive;
  for (size_t i = 0; i < kChildren; i++) {
    const text_t name = TEXT("caller");
    TRY(children_spawn(&progress->children, state_reference_check_children, name, &kFresh));
  }
  return task_yield();
}

// Obtained, and given back a moment later: whoever was told comes in time, too late, or between.
static status_t give_once(uint64_t round) {
  const reference_result_t reference = reference_obtain(
      round % 2 == 0 ? TEXT("command_reference_check_even") : TEXT("command_reference_check_odd"));
  TRY(reference.status);
  const uint64_t told = (uint64_t)reference.value.generation << kGenerationShift |
                        reference.value.index << 1 | round % 2;
  state_publish(&state_reference_check_told->reference, told);
  for (size_t i = 0; i < kLooks; i++) {
    if (state_peek(&state_reference_check_told->reference) != told) return ERR(INTERNAL);
  }
  return reference_release(reference.value);
}

static status_t give(command_t *command, check_progress_t *progress) {
  for (size_t i = 0; i < kRoundsPerStep && progress->given < progress->rounds; i++) {
    TRY(give_once(progress->given++));
  }
  if (progress->given < progress->rounds) return task_yield();
  monitor_enter(&state_reference_check_told->monitor);
  state_set(&state_reference_check_told->done, UINT64_C(1));
  monitor_exit(&state_reference_check_told->monitor);
  command->stage = kStageJoin;
  return OK;
}

static status_t report(command_t *command, const check_progress_t *progress) {
  const reference_check_told_t *told = state_reference_check_told;
  monitor_enter(&state_reference_check_told->monitor);
  const counts_t counts = {told->calls, told->stale, told->wrong};
  monitor_exit(&state_reference_check_told->monitor);
  command_put(command, TEXT("calls "));
  command_put_decimal(command, counts.calls);
  command_put(command, TEXT(" stale "));
  command_put_decimal(command, counts.stale);
  command_put(command, TEXT(" wrong "));
  command_put_decimal(command, counts.wrong);
  command_put(command, TEXT("\n"));
  tap_t tap = {};
  tap_check(&tap, command, counts.wrong == 0, TEXT("no call reached another function"));
  tap_check(&tap, command, counts.stale > 0, TEXT("some came too late"));
  tap_check(&tap, command, counts.calls > counts.stale, TEXT("some came in time"));
  tap_check(&tap, command, progress->children.wrong == 0, TEXT("no caller failed"));
  return tap_end(&tap, command);
}

static status_t join(command_t *command, check_progress_t *progress) {
  const status_t status = children_join(&progress->children, state_reference_check_children, 1);
  return status_is(status, STATUS_END) ? report(command, progress) : status;
}

static status_t go_on(command_t *command, check_progress_t *progress) {
  if (command->stage == kStageBegin) return begin(command, progress);
  if (command->stage == kStageGive) return give(command, progress);
  return join(command, progress);
}

status_t command_reference_check_step(command_t *command) {
  check_progress_t progress;
  COMMAND_OPEN(command, &progress);
  const status_t status = go_on(command, &progress);
  COMMAND_COMMIT(command, &progress);
  return status;
}
