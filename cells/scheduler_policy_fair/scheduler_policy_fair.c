// SPDX-License-Identifier: MIT
#include "cells/scheduler_policy_round_robin/scheduler_policy.h"

static const uint32_t kIdentity = SEALED_TAG('f', 'a', 'i', 'r');

// A task's virtual time is what it ran, divided by its weight: whoever is furthest behind runs, so
// all advance alike, and get shares by weight. It stands in policy[0]; policy[1] holds the identity
// above and the remainder of the division below, so that nothing is lost. A virtual time is never
// more than the cycle counter, which is why it cannot overflow before that does, and why the floor
// of a policy that has just come to serve is above all that was left by an earlier turn of it.
enum { kIdentityShift = 32 };

// In cycles of the task's own, hence divided by its weight too.
static const uint64_t kBonusCycles = 1 << 22;  // that a task which waited may be behind the queue
static const uint64_t kLagCycles = 1 << 26;    // that any may be, which could not use its share
static const uint64_t kEntryCycles = 1 << 20;  // that a new one is ahead, or new ones would starve
                                               // whoever is ahead of the queue

static uint64_t sum(uint64_t a, uint64_t b) { return a + b < a ? UINT64_MAX : a + b; }

static uint64_t raise(uint64_t time, uint64_t floor, uint64_t lag) {
  const uint64_t least = floor > lag ? floor - lag : 0;
  return time > least ? time : least;
}

// Where a task begins that the policy sees for the first time, or anew.
static uint64_t first_time(uint64_t reason, uint64_t floor, uint64_t weight) {
  return reason == kScheduleReady ? sum(floor, kEntryCycles / weight) : floor;
}

u64_result_t scheduler_policy_place(task_schedule_t *schedule, uint64_t reason, uint64_t now,
                                    uint64_t sequence, uint64_t floor) {
  (void)now;
  (void)sequence;
  uint64_t weight = schedule->weight < UINT32_MAX ? schedule->weight : UINT32_MAX;
  if (weight == 0) weight = 1;
  const bool known = schedule->policy[1] >> kIdentityShift == kIdentity && reason != kScheduleAgain;
  const uint64_t ran = sum(schedule->ran, known ? (uint32_t)schedule->policy[1] : 0);
  uint64_t time = known ? schedule->policy[0] : first_time(reason, floor, weight);
  time = sum(time, ran / weight);
  const uint64_t lag = reason == kScheduleReady ? kBonusCycles : kLagCycles;
  time = raise(time, floor, lag / weight);
  schedule->ran = 0;
  schedule->policy[0] = time;
  schedule->policy[1] = (uint64_t)kIdentity << kIdentityShift | ran % weight;
  schedule->key = time;
  schedule->lasting = 0;
  return (u64_result_t){.value = kIdentity};
}
