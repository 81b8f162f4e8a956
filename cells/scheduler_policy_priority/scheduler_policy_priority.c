// SPDX-License-Identifier: MIT
#include "cells/scheduler_policy_round_robin/scheduler_policy.h"

#include "cells/scheduler_policy_round_robin/turn.h"

static const uint32_t kIdentity = SEALED_TAG('p', 'r', 'i', 'o');

// Priority above, place among equals below. At a thousand million turns a second these last for
// nine years; then the order among equals, and only that, is disturbed once.
enum { kPriorityShift = 58 };
static_assert(kSchedulePriorities <= 1 << (64 - kPriorityShift), "a priority does not fit");

u64_result_t scheduler_policy_place(task_schedule_t *schedule, uint64_t reason, uint64_t now,
                                    uint64_t sequence, uint64_t floor) {
  (void)now;
  (void)floor;
  const uint64_t least = kSchedulePriorities - 1;
  const uint64_t priority = schedule->priority < least ? schedule->priority : least;
  const uint64_t places = (UINT64_C(1) << kPriorityShift) - 1;
  const uint64_t place = turn_place(schedule, kIdentity, reason, sequence, places);
  schedule->key = priority << kPriorityShift | place;
  schedule->lasting = kIdentity;
  return (u64_result_t){.value = kIdentity};
}
