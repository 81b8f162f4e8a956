// SPDX-License-Identifier: MIT
/// @file
/// The benchmarks of the group `task`: the command makes the tasks (members.c), joins them, and
/// takes from the board what they have measured.
/// @spill none
#pragma once
#include "cells/command_bench/memory.h"

static inline status_t group_open(bench_progress_t *group) {
  TRY(board_open(group));
  const event_result_t event = event_create();
  TRY(event.status);
  group->board->event = event.value;
  const event_result_t done = event_create();
  TRY(done.status);
  group->board->done = done.value;
  const reference_result_t step = reference_obtain(TEXT("command_bench_task_step"));
  TRY(step.status);
  group->step = step.value;
  return OK;
}

// Undoes group_open, however far it came.
static inline void group_close(bench_progress_t *group) {
  const bench_board_t *board = group->board;
  if (board != nullptr) {
    status_ignore(event_destroy(board->event), "there may be none");
    status_ignore(event_destroy(board->done), "there may be none");
  }
  status_ignore(reference_release(group->step), "there may be none");
  board_close(group);
}

static inline status_t group_add(bench_progress_t *group, enum member_kind kind) {
  const bench_member_t member = {
      .board = group->board, .kind = kind, .number = group->members + 1, .step = group->step};
  task_progress_t progress = {};
  SEALED_COMMIT(&progress, kMemberTag, kMemberVersion, &member);
  TRY(reference_retain(group->step));
  const task_result_t task = task_spawn_joinable(TEXT("bench"), group->step, &progress);
  if (!status_is_ok(task.status)) {
    status_ignore(reference_release(group->step), "the first error counts");
    return task.status;
  }
  group->board->tasks[group->members++] = task.value;
  return OK;
}

// One more than there are processors, so that tasks must take turns.
static inline status_t add_switchers(bench_progress_t *group) {
  const u32_result_t processors = processor_count();
  TRY(processors.status);
  for (uint32_t i = 0; i <= processors.value; i++) TRY(group_add(group, kMemberSwitch));
  return OK;
}

static inline status_t add_parked(bench_progress_t *group) {
  const u64_result_t before = memory_in_use();
  TRY(before.status);
  group->before = before.value;
  for (size_t i = 0; i < kBenchTasks; i++) TRY(group_add(group, kMemberParked));
  return OK;
}

static inline status_t add_members(bench_progress_t *group, uint64_t benchmark) {
  switch (benchmark) {
    case kTaskSwitch:
      return add_switchers(group);
    case kTaskSpawnJoin:
      return group_add(group, kMemberParent);
    case kTaskWake:
      TRY(group_add(group, kMemberWaiter));
      return group_add(group, kMemberSignaller);
    default:
      return add_parked(group);
  }
}

static inline void stop_members(bench_board_t *board) {
  board_write(&board->stop, 1);
  status_ignore(event_signal(board->event), "the board's own");
}

static inline status_t begin_tasks(command_t *command, bench_progress_t *group) {
  const status_t opened = group_open(group);
  if (!status_is_ok(opened)) {
    group_close(group);
    return opened;
  }
  group->failure = add_members(group, command->cursor);
  command->stage = command->cursor == kTaskMemory ? kStageArriving : kStageJoining;
  if (status_is_ok(group->failure)) return OK;
  stop_members(group->board);
  command->stage = kStageJoining;
  return OK;
}

// Takes the size of the system while all of them wait; then they may end.
static inline status_t await_parked(command_t *command, bench_progress_t *group) {
  bench_board_t *board = group->board;
  TRY(event_watch(board->done));
  if (board_read(&board->arrived) < kBenchTasks) return ERR(WOULD_BLOCK);
  const u64_result_t after = memory_in_use();
  group->failure = after.status;
  group->after = after.value;
  stop_members(board);
  command->stage = kStageJoining;
  return OK;
}

static inline status_t join_members(bench_progress_t *group) {
  for (; group->joined < group->members; group->joined++) {
    task_end_t end = {};
    const status_t status = task_join(group->board->tasks[group->joined], &end);
    if (status_is(status, STATUS_WOULD_BLOCK)) return status;
    const status_t result = status_is_ok(status) ? end.result : status;
    if (!status_is(result, STATUS_END) && status_is_ok(group->failure)) group->failure = result;
  }
  return OK;
}

// The bytes of one waiting task beyond its progress.
static inline u64_result_t bytes_each(const bench_progress_t *group) {
  const uint64_t all = group->after - group->before;
  const uint64_t progress = kBenchTasks * sizeof(task_progress_t);
  if (group->after < group->before || all < progress) return (u64_result_t){.status = ERR(BUSY)};
  return (u64_result_t){.value = (all - progress) / kBenchTasks};
}

static inline u64_result_t end_tasks(const command_t *command, bench_progress_t *group) {
  const bench_board_t *board = group->board;
  u64_result_t result = {.status = group->failure};
  if (status_is_ok(group->failure)) {
    const bool counted = board->count > 0;
    result = counted ? (u64_result_t){.value = board->sum / board->count}
                     : (u64_result_t){.status = ERR(UNAVAILABLE)};
    if (command->cursor == kTaskMemory) result = bytes_each(group);
  }
  group_close(group);
  return result;
}

static inline u64_result_t continue_tasks(command_t *command, bench_progress_t *group) {
  if (command->stage == kStageMeasure) TRY_RESULT(u64_result_t, begin_tasks(command, group));
  if (command->stage == kStageArriving) TRY_RESULT(u64_result_t, await_parked(command, group));
  TRY_RESULT(u64_result_t, join_members(group));
  command->stage = kStageMeasure;
  return end_tasks(command, group);
}

static inline u64_result_t measure_tasks(command_t *command) {
  bench_progress_t group;
  COMMAND_OPEN(command, &group);
  const u64_result_t result = continue_tasks(command, &group);
  COMMAND_COMMIT(command, &group);
  return result;
}
