// SPDX-License-Identifier: MIT
// The steps of the tasks that benchmarks make.
#include "cells/command_bench/board.h"
#include "cells/command_bench/command_bench.h"
#include "nano_core/api/cycle_counter.h"

// All zero: a child, which ends at once.
static const task_progress_t kChild = {};

static void add_sample(bench_board_t *board, uint64_t cycles) {
  board_add(&board->sum, cycles);
  board_add(&board->count, 1);
}

// Tells the others that it is over.
static status_t leave(bench_board_t *board) {
  board_write(&board->stop, 1);
  TRY(event_signal(board->event));
  return ERR(END);
}

static bool is_over(bench_board_t *board, uint64_t wanted) {
  return board_read(&board->stop) != 0 || board_read(&board->count) >= wanted ||
         board_add(&board->steps, 1) > kBenchSteps;
}

// The lane of the processor that this runs on. If the task moves meanwhile, one sample is wrong.
static bench_lane_t *lane_here(bench_board_t *board) {
  const u32_result_t self = processor_self();
  return &board->lanes[status_is_ok(self.status) ? self.value % kProcessors : 0];
}

// How a step ends.
typedef struct member_outcome {
  status_t status;
  uint64_t *ended;  // where the end of the step is to be written; null: nowhere
} member_outcome_t;

// A switch lies between the end of another task's step and the start of this one's, on one
// processor.
static member_outcome_t switch_step(const bench_member_t *member, uint64_t now) {
  bench_board_t *board = member->board;
  const bench_lane_t *before = lane_here(board);
  const uint64_t last = board_read(&before->member);
  if (last != 0 && last != member->number) add_sample(board, now - board_read(&before->ended));
  if (is_over(board, kBenchSwitches)) return (member_outcome_t){.status = leave(board)};
  TRY_RESULT(member_outcome_t, task_yield());
  bench_lane_t *after = lane_here(board);
  board_write(&after->member, member->number);
  return (member_outcome_t){.ended = &after->ended};
}

static status_t spawn_child(bench_member_t *member) {
  TRY(reference_retain(member->step));
  const task_result_t task = task_spawn_joinable(TEXT("bench"), member->step, &kChild);
  if (!status_is_ok(task.status)) {
    status_ignore(reference_release(member->step), "the first error counts");
    return task.status;
  }
  member->child = task.value;
  return OK;
}

// Pairs are timed from the end of the first one, in which calls were bound, to the end of the last.
static status_t parent_pairs(bench_member_t *member) {
  bench_board_t *board = member->board;
  for (;;) {
    if (member->child.generation == 0) TRY(spawn_child(member));
    task_end_t end;
    TRY(task_join(member->child, &end));
    member->child = (task_t){};
    const uint64_t now = cycle_counter();
    if (member->pairs++ == 0) member->started = now;
    if (member->pairs <= kBenchPairs && board_read(&board->stop) == 0) continue;
    board_add(&board->sum, now - member->started);
    board_add(&board->count, member->pairs - 1);
    return ERR(END);
  }
}

static status_t parent_step(bench_member_t *member, task_progress_t *progress) {
  const status_t status = parent_pairs(member);
  SEALED_COMMIT(progress, kMemberTag, kMemberVersion, member);
  return status;
}

static status_t waiter_step(const bench_member_t *member, uint64_t now) {
  bench_board_t *board = member->board;
  TRY(event_watch(board->event));
  const uint64_t signalled = __atomic_exchange_n(&board->signalled, 0, __ATOMIC_ACQ_REL);
  if (signalled != 0) add_sample(board, now - signalled);
  return is_over(board, kBenchWakes) ? leave(board) : ERR(WOULD_BLOCK);
}

// The first task of the board is the waiter.
static status_t signaller_step(const bench_member_t *member) {
  bench_board_t *board = member->board;
  task_info_t waiter;
  const status_t found = task_describe(board->tasks[0].index, &waiter);
  if (!status_is_ok(found) || is_over(board, kBenchWakes)) return leave(board);
  TRY(task_yield());
  if (waiter.status != kTaskWaiting || board_read(&board->signalled) != 0) return OK;
  board_write(&board->signalled, cycle_counter());
  return event_signal(board->event);
}

static status_t parked_step(bench_member_t *member, task_progress_t *progress) {
  bench_board_t *board = member->board;
  TRY(event_watch(board->event));
  if (board_read(&board->stop) != 0) return ERR(END);
  if (member->parked == 0) {
    member->parked = 1;
    SEALED_COMMIT(progress, kMemberTag, kMemberVersion, member);
    if (board_add(&board->arrived, 1) == kBenchTasks) TRY(event_signal(board->done));
  }
  return ERR(WOULD_BLOCK);
}

static status_t other_step(bench_member_t *member, task_progress_t *progress, uint64_t now) {
  switch (member->kind) {
    case kMemberParent:
      return parent_step(member, progress);
    case kMemberWaiter:
      return waiter_step(member, now);
    case kMemberSignaller:
      return signaller_step(member);
    case kMemberParked:
      return parked_step(member, progress);
    default:
      return ERR(END);
  }
}

// Apart, so that next to nothing lies between the clock and the step's first and last instruction.
__attribute__((noinline)) static member_outcome_t make_step(task_progress_t *progress,
                                                            uint64_t now) {
  bench_member_t member;
  TRY_RESULT(member_outcome_t, SEALED_OPEN(progress, kMemberTag, kMemberVersion, &member));
  if (member.kind == kMemberSwitch) return switch_step(&member, now);
  return (member_outcome_t){.status = other_step(&member, progress, now)};
}

status_t command_bench_task_step(task_progress_t *progress) {
  const member_outcome_t outcome = make_step(progress, cycle_counter());
  if (outcome.ended != nullptr) board_write(outcome.ended, cycle_counter());
  return outcome.status;
}
