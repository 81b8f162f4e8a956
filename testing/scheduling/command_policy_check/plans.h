// SPDX-License-Identifier: MIT
/// @file
/// What `policy_check` can check, and the workers that it makes for that. Of what a policy is not
/// to look at the workers have different values, so that another policy fails its check.
#pragma once
#include "testing/scheduling/command_policy_check/tallies.h"

enum check {
  kCheckRoundRobin,
  kCheckPriority,
  kCheckDeadline,
  kCheckOverload,
  kCheckFair,
  kCheckSwaps,
  kCheckStay,
  kChecks,
};

// Five are busy, in short steps and in long ones; one gives way early, one sleeps.
enum { kTurnsBusy = 5, kTurnsYields = 5, kTurnsSleeps = 6 };
static const plan_t kTurnsPlans[] = {
    {.work = kNever, .step = 100 * kMicrosecond, .priority = 32, .weight = 1024},
    {.work = kNever, .step = 40 * kMillisecond, .priority = 20, .weight = 4096},
    {.work = kNever,
     .step = 3 * kMillisecond,
     .priority = 40,
     .weight = 512,
     .deadline = 1000 * kMillisecond},
    {.work = kNever, .step = 700 * kMicrosecond, .priority = 10, .weight = 2048},
    {.work = kNever,
     .step = 15 * kMillisecond,
     .priority = 60,
     .weight = 1024,
     .deadline = 5 * kMillisecond},
    {.work = kNever, .step = 2 * kMillisecond, .yields = 1, .priority = 32, .weight = 1024},
    {.work = kMillisecond,
     .pause = 20 * kMillisecond,
     .step = 200 * kMicrosecond,
     .priority = 32,
     .weight = 1024},
};

// From the most urgent to the least: one that another one wakes, one that the timer wakes, the one
// that rings, three equals that are always busy, and one that is to get nothing.
enum {
  kUrgentListens,
  kUrgentPeriodic,
  kUrgentRings,
  kUrgentEquals,
  kUrgentEqualsEnd = kUrgentEquals + 3,
  kUrgentLast = kUrgentEqualsEnd,
};
static const plan_t kPriorityPlans[] = {
    [kUrgentListens] = {.work = kMillisecond,
                        .step = 300 * kMicrosecond,
                        .listens = 1,
                        .priority = 1,
                        .weight = 512},
    [kUrgentPeriodic] = {.work = 6 * kMillisecond,
                         .period = 20 * kMillisecond,
                         .step = 500 * kMicrosecond,
                         .priority = 4,
                         .weight = 512},
    [kUrgentRings] = {.work = 3 * kMillisecond,
                      .pause = 17 * kMillisecond,
                      .step = 10 * kMillisecond,
                      .rings = 1,
                      .priority = 12,
                      .weight = 512},
    [kUrgentEquals] = {.work = kNever, .step = 100 * kMicrosecond, .priority = 32, .weight = 512},
    {.work = kNever, .step = 40 * kMillisecond, .priority = 32, .weight = 1024},
    {.work = kNever, .step = 3 * kMillisecond, .priority = 32, .weight = 4096},
    [kUrgentLast] = {.work = kNever,
                     .step = kMillisecond,
                     .priority = 50,
                     .weight = 4096,
                     .deadline = 5 * kMillisecond},
};

// Three with deadlines, then two that are busy without one.
enum { kDeadlineTasks = 3 };
// 3/11 + 8/23 + 11/47 = 85.5 %
static const plan_t kDeadlinePlans[] = {
    {.work = 3 * kMillisecond,
     .period = 11 * kMillisecond,
     .step = 500 * kMicrosecond,
     .priority = 40,
     .weight = 1024,
     .deadline = 11 * kMillisecond},
    {.work = 8 * kMillisecond,
     .period = 23 * kMillisecond,
     .step = 10 * kMillisecond,
     .priority = 32,
     .weight = 512,
     .deadline = 23 * kMillisecond},
    {.work = 11 * kMillisecond,
     .period = 47 * kMillisecond,
     .step = kMillisecond,
     .priority = 20,
     .weight = 512,
     .deadline = 47 * kMillisecond},
    {.work = kNever, .step = 2 * kMillisecond, .priority = 10, .weight = 4096},
    {.work = kNever, .step = 20 * kMillisecond, .priority = 32, .weight = 1024},
};

// 6/11 + 12/23 + 11/47 = 130 %
static const plan_t kOverloadPlans[] = {
    {.work = 6 * kMillisecond,
     .period = 11 * kMillisecond,
     .step = 500 * kMicrosecond,
     .priority = 32,
     .weight = 1024,
     .deadline = 11 * kMillisecond},
    {.work = 12 * kMillisecond,
     .period = 23 * kMillisecond,
     .step = 10 * kMillisecond,
     .priority = 32,
     .weight = 1024,
     .deadline = 23 * kMillisecond},
    {.work = 11 * kMillisecond,
     .period = 47 * kMillisecond,
     .step = kMillisecond,
     .priority = 32,
     .weight = 1024,
     .deadline = 47 * kMillisecond},
};

// Four that are busy, by weight, and one that has slept for long whenever it comes.
enum { kFairBusy = 4, kFairSleeps = 4 };
static const plan_t kFairPlans[] = {
    {.work = kNever, .step = 100 * kMicrosecond, .priority = 10, .weight = 512},
    {.work = kNever, .step = 40 * kMillisecond, .priority = 60, .weight = 1024},
    {.work = kNever,
     .step = 2 * kMillisecond,
     .priority = 32,
     .weight = 2048,
     .deadline = 20 * kMillisecond},
    {.work = kNever, .step = 15 * kMillisecond, .priority = 50, .weight = 4096},
    {.work = 30 * kMillisecond,
     .pause = 300 * kMillisecond,
     .step = kMillisecond,
     .priority = 40,
     .weight = 1024},
};

// While policies are swapped: four are busy, and three hundred want little, each in its way.
enum { kSwapsBusy = 4 };

static inline plan_t plan_light(uint64_t number) {
  plan_t plan = {.work = (20 + number % 7 * 10) * kMicrosecond,
                 .step = kMillisecond,
                 .priority = number % 32,
                 .weight = 512 + number % 5 * 512};
  const uint64_t apart = (60 + number % 41) * kMillisecond;
  if (number % 2 == 0) plan.period = apart;
  if (number % 2 != 0) plan.pause = apart;
  if (number % 4 == 0) plan.deadline = 20 * kMillisecond;
  if (number % 3 == 0) {
    plan.step = 20 * kMicrosecond;
    plan.yields = 1;
  }
  return plan;
}

static inline plan_t plan_swapped(uint64_t number) {
  if (number >= kSwapsBusy) return plan_light(number);
  return (plan_t){.work = kNever,
                  .step = (200 + 3000 * (number % 2)) * kMicrosecond,
                  .priority = 40,
                  .weight = UINT64_C(512) << number};
}

static inline bool check_is_swapped(uint64_t check) {
  return check == kCheckSwaps || check == kCheckStay;
}

static inline uint64_t check_workers(uint64_t check) {
  switch (check) {
    case kCheckRoundRobin:
      return COUNT_OF(kTurnsPlans);
    case kCheckPriority:
      return COUNT_OF(kPriorityPlans);
    case kCheckDeadline:
      return COUNT_OF(kDeadlinePlans);
    case kCheckOverload:
      return COUNT_OF(kOverloadPlans);
    case kCheckFair:
      return COUNT_OF(kFairPlans);
    default:
      return kWorkers;
  }
}

static inline plan_t check_plan(uint64_t check, uint64_t number) {
  switch (check) {
    case kCheckRoundRobin:
      return kTurnsPlans[number];
    case kCheckPriority:
      return kPriorityPlans[number];
    case kCheckDeadline:
      return kDeadlinePlans[number];
    case kCheckOverload:
      return kOverloadPlans[number];
    case kCheckFair:
      return kFairPlans[number];
    default:
      return plan_swapped(number);
  }
}

static inline enum worker_order check_order(uint64_t check) {
  if (check == kCheckPriority) return kOrderPriority;
  return check == kCheckDeadline || check == kCheckOverload ? kOrderDeadline : kOrderNone;
}
