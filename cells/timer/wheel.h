// SPDX-License-Identifier: MIT
/// @file
/// A wheel of events: those who wait for a point in time wait for the event of a bucket. A bucket
/// stands for a slot of time, on one of five levels: 64 slots of 1 ms (2^20 ns), 64 of 67 ms, of
/// 4.3 s, of 275 s, of 4.9 hours. Each slot of a level is as long as all of the level below.
///
/// The wheel knows no sleeper. Whoever is woken asks again: a bucket of the nearest level is
/// signalled at the first tick that is not before the earliest deadline in it; a bucket of another
/// level when its slot begins, so that who waits in it moves on to a nearer one.
///
/// All armed buckets of a level belong to the next 64 slots from `reached` on, so the slot's number
/// modulo 64 says it all, and no two slots share a bucket.
/// @context  inside the monitor of the blob that the wheel is in
/// @spill    none: the wheel is in the blob
/// @source   G. Varghese and T. Lauck, Hashed and hierarchical timing wheels, SOSP'87: scheme 7
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/event.h"

enum {
  kWheelLevels = 5,
  kWheelSlots = 64,
  kWheelSlotBits = 6,
  kWheelNearestShift = 20,  // nanoseconds of a slot of the nearest level, as a power of 2
  kWheelBuckets = kWheelLevels * kWheelSlots,
};

typedef struct wheel {
  uint64_t reached;                // the moment of the last tick; buckets are told apart from it
  uint64_t armed[kWheelLevels];    // bit i: somebody waits in bucket i of the level
  uint64_t earliest[kWheelSlots];  // deadline in each armed bucket of the nearest level
  uint64_t signals;                // buckets that were signalled, over all time
  uint64_t catch_ups;              // ticks that came more than a whole slot after the one before
  uint64_t lateness;               // nanoseconds from a deadline to its tick, at most
  event_t events[kWheelBuckets];   // made when first used
} wheel_t;

static inline uint64_t wheel_shift(uint64_t level) {
  return kWheelNearestShift + kWheelSlotBits * level;
}

/// The bucket to wait in for `deadline`, which is not before `reached`. Who waits for what lies
/// beyond the last level waits in its last slot, and then again.
static inline uint64_t wheel_bucket(const wheel_t *wheel, uint64_t deadline) {
  for (uint64_t level = 0; level < kWheelLevels; level++) {
    const uint64_t slot = deadline >> wheel_shift(level);
    const uint64_t distance = slot - (wheel->reached >> wheel_shift(level));
    if (distance < kWheelSlots) return level * kWheelSlots + slot % kWheelSlots;
  }
  const uint64_t first = wheel->reached >> wheel_shift(kWheelLevels - 1);
  return (kWheelLevels - 1) * kWheelSlots + (first + kWheelSlots - 1) % kWheelSlots;
}

/// Has the bucket signalled in time for `deadline`.
/// @param bucket  that of `deadline` at this moment
static inline void wheel_arm(const wheel_t *wheel, uint64_t bucket, uint64_t deadline) {
  const uint64_t *armed = &wheel->armed[bucket / kWheelSlots];
  const uint64_t bit = UINT64_C(1) << (bucket % kWheelSlots);
  const bool first = (*armed & bit) == 0;
  if (first) state_set(armed, *armed | bit);
  if (bucket >= kWheelSlots) return;
  const uint64_t *earliest = &wheel->earliest[bucket];
  if (first || deadline < *earliest) state_set(earliest, deadline);
}

// Takes note of how late `time` is for `deadline`.
static inline void wheel_note_lateness(const wheel_t *wheel, uint64_t deadline, uint64_t time) {
  if (time - deadline > wheel->lateness) state_set(&wheel->lateness, time - deadline);
}

// Wakes who waits in a bucket; in the nearest level only if somebody there is due.
static inline void wheel_signal(const wheel_t *wheel, uint64_t level, uint64_t slot,
                                uint64_t time) {
  if (level == 0) {
    if (wheel->earliest[slot] > time) return;
    wheel_note_lateness(wheel, wheel->earliest[slot], time);
  }
  state_set(&wheel->armed[level], wheel->armed[level] & ~(UINT64_C(1) << slot));
  state_set(&wheel->signals, wheel->signals + 1);
  event_signal_state(&wheel->events[level * kWheelSlots + slot]);
}

// Wakes who waits in the slots [first, last], whose numbers are not reduced yet.
static inline void wheel_signal_slots(const wheel_t *wheel, uint64_t level, uint64_t first,
                                      uint64_t last, uint64_t time) {
  const uint64_t more = last - first;
  const uint64_t ones = more >= kWheelSlots - 1 ? UINT64_MAX : (UINT64_C(2) << more) - 1;
  const uint64_t turn = first % kWheelSlots;
  uint64_t due = wheel->armed[level] & (ones << turn | ones >> (-turn % kWheelSlots));
  for (; due != 0; due &= due - 1) {
    wheel_signal(wheel, level, (uint64_t)__builtin_ctzll(due), time);
  }
}

/// Wakes all who are due at `time`, which is not before `reached`, however long ago that was.
static inline void wheel_advance(const wheel_t *wheel, uint64_t time) {
  const uint64_t from = wheel->reached;
  state_set(&wheel->reached, time);
  if ((time >> kWheelNearestShift) - (from >> kWheelNearestShift) > 1) {
    state_set(&wheel->catch_ups, wheel->catch_ups + 1);
  }
  for (uint64_t level = 0; level < kWheelLevels; level++) {
    // In the slot of the last tick somebody may have come since; of a coarser level it is done.
    const uint64_t first = (from >> wheel_shift(level)) + (level == 0 ? 0 : 1);
    const uint64_t last = time >> wheel_shift(level);
    if (first > last) return;
    if (wheel->armed[level] != 0) wheel_signal_slots(wheel, level, first, last, time);
  }
}
