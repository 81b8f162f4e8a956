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

/// The place of a task among those that take turns, which stands in the low bits of its key. It
/// lasts while the task gives way: it goes to the end then, as the scheduler can see by itself.
/// @param tag     of whoever uses it, so that numbers of another policy are not taken for its own
/// @param places  the bits of the key that hold the place
static inline uint64_t turn_place(task_schedule_t *schedule, uint32_t tag, uint64_t reason,
                                  uint64_t sequence, uint64_t places) {
  uint64_t place = schedule->key & places;
  const bool goes_on =
      reason == kScheduleTick && schedule->policy[1] >> kTurnTagShift == tag && place <= sequence;
  // The scheduler has moved it to the end since: with that its slice began anew.
  const bool renewed = place != schedule->policy[0];
  const uint64_t before = renewed ? 0 : (uint32_t)schedule->policy[1];
  uint64_t used = goes_on ? before + schedule->ran : 0;
  schedule->ran = 0;
  schedule->renewed = places;
  if (!goes_on || used >= kTurnCycles) {
    place = sequence & places;
    if (goes_on) used -= kTurnCycles;
    if (used > UINT32_MAX) used = UINT32_MAX;
  }
  schedule->policy[0] = place;
  schedule->policy[1] = (uint64_t)tag << kTurnTagShift | used;
  return place;
}
