// SPDX-License-Identifier: MIT
/// @file
/// Taking turns, for all policies that have it, at least among equals: a task keeps its place until
/// it has run for a slice, then goes to the end. What it ran beyond is taken off its next slice, so
/// that in the long run all have had the same.
/// @spill none: no data.
#pragma once
#include "cells/scheduler_policy_round_robin/scheduler_policy.h"

/// A slice: ten ticks where a cycle is a nanosecond, at least three on a fast processor.
static const uint64_t kTurnCycles = 10000000;

/// In schedule->policy[1]: whose numbers these are, above; cycles used of the slice, below.
enum { kTurnTagShift = 32 };

/// The place of a task among those that take turns.
/// @param tag  of whoever uses it, so that numbers of another policy are not taken for its own
static inline uint64_t turn_place(task_schedule_t *schedule, uint32_t tag, uint64_t reason,
                                  uint64_t sequence) {
  const bool goes_on = reason == kScheduleTick && schedule->policy[1] >> kTurnTagShift == tag &&
                       schedule->policy[0] <= sequence;
  uint64_t used = goes_on ? (uint32_t)schedule->policy[1] + schedule->ran : 0;
  schedule->ran = 0;
  if (!goes_on || used >= kTurnCycles) {
    schedule->policy[0] = sequence;
    if (goes_on) used -= kTurnCycles;
    if (used > UINT32_MAX) used = UINT32_MAX;
  }
  schedule->policy[1] = (uint64_t)tag << kTurnTagShift | used;
  return schedule->policy[0];
}
