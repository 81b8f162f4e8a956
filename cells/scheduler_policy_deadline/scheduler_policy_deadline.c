// SPDX-License-Identifier: MIT
#include "cells/scheduler_policy_round_robin/scheduler_policy.h"

#include "cells/scheduler_policy_round_robin/turn.h"

// The identity, and the mark of tasks with a deadline. Those without take turns under another mark,
// since their two numbers mean something else.
static const uint32_t kIdentity = SEALED_TAG('d', 'e', 'a', 'd');
static const uint32_t kTurns = SEALED_TAG('d', 't', 'r', 'n');

// Keys from here on are of tasks without a deadline: behind all that have one.
static const uint64_t kNoDeadline = UINT64_C(1) << 63;

// When the work began that is to be done by the deadline: when the task became ready, or gave way,
// having done a piece. A task that goes on, goes on with the same piece.
static uint64_t piece_start(const task_schedule_t *schedule, uint64_t reason, uint64_t now) {
  const bool known = schedule->policy[1] == kIdentity;
  if (reason == kScheduleTick && known) return schedule->policy[0];
  if (reason == kScheduleAgain && known) return schedule->policy[0];
  return reason == kScheduleYield ? now : schedule->released;
}

static uint64_t deadline_key(task_schedule_t *schedule, uint64_t reason, uint64_t now) {
  const uint64_t start = piece_start(schedule, reason, now);
  schedule->policy[0] = start;
  schedule->policy[1] = kIdentity;
  schedule->ran = 0;
  const u64_result_t end = checked_add(start, schedule->deadline);
  return status_is_ok(end.status) && end.value < kNoDeadline ? end.value : kNoDeadline - 1;
}

u64_result_t scheduler_policy_place(task_schedule_t *schedule, uint64_t reason, uint64_t now,
                                    uint64_t sequence, uint64_t floor) {
  (void)floor;
  schedule->key = schedule->deadline != 0
                      ? deadline_key(schedule, reason, now)
                      : kNoDeadline | turn_place(schedule, kTurns, reason, sequence);
  return (u64_result_t){.value = kIdentity};
}
