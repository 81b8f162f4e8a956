// SPDX-License-Identifier: MIT
#include "cells/scheduler_policy_round_robin/scheduler_policy.h"

#include "cells/scheduler_policy_round_robin/turn.h"

// What the two numbers in a schedule mean is said by a mark above in policy[1]: of a task with a
// deadline, when its piece of work began, and how much it has run of it; of one without, its turn;
// of one that cannot meet its deadline any more, since it has run for longer than that, too.
static const uint32_t kIdentity = SEALED_TAG('d', 'e', 'a', 'd');
static const uint32_t kTurns = SEALED_TAG('d', 't', 'r', 'n');
static const uint32_t kEndless = SEALED_TAG('d', 'e', 'n', 'd');

enum { kMarkShift = 32, kUsedShift = 10 };  // used: in units of 1024 cycles

// Keys from here on are of tasks without a deadline: behind all that have one.
static const uint64_t kNoDeadline = UINT64_C(1) << 63;

// Whether the task goes on with the piece of work that the mark is about. One that became ready, or
// gave way, begins another one.
static bool goes_on(const task_schedule_t *schedule, uint64_t reason, uint32_t mark) {
  if (schedule->policy[1] >> kMarkShift != mark) return false;
  return reason == kScheduleTick || reason == kScheduleAgain;
}

static uint64_t turn_key(task_schedule_t *schedule, uint32_t mark, uint64_t reason,
                         uint64_t sequence) {
  schedule->lasting = mark == kTurns ? kIdentity : 0;
  return kNoDeadline | turn_place(schedule, mark, reason, sequence, kNoDeadline - 1);
}

static uint64_t deadline_key(task_schedule_t *schedule, uint64_t reason, uint64_t now,
                             uint64_t sequence) {
  const bool same = goes_on(schedule, reason, kIdentity);
  const uint64_t begun = reason == kScheduleYield ? now : schedule->released;
  const uint64_t start = same ? schedule->policy[0] : begun;
  uint64_t used = same ? (uint32_t)schedule->policy[1] + (schedule->ran >> kUsedShift) : 0;
  if (used > UINT32_MAX) used = UINT32_MAX;
  if (used > schedule->deadline >> kUsedShift) {
    return turn_key(schedule, kEndless, reason, sequence);
  }
  schedule->lasting = 0;
  schedule->policy[0] = start;
  schedule->policy[1] = (uint64_t)kIdentity << kMarkShift | used;
  schedule->ran = 0;
  const u64_result_t end = checked_add(start, schedule->deadline);
  return status_is_ok(end.status) && end.value < kNoDeadline ? end.value : kNoDeadline - 1;
}

u64_result_t scheduler_policy_place(task_schedule_t *schedule, uint64_t reason, uint64_t now,
                                    uint64_t sequence, uint64_t floor) {
  (void)floor;
  if (schedule->deadline == 0) {
    schedule->key = turn_key(schedule, kTurns, reason, sequence);
  } else if (goes_on(schedule, reason, kEndless)) {
    schedule->key = turn_key(schedule, kEndless, reason, sequence);
  } else {
    schedule->key = deadline_key(schedule, reason, now, sequence);
  }
  return (u64_result_t){.value = kIdentity};
}
