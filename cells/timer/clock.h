// SPDX-License-Identifier: MIT
/// @file
/// The blob of the timer, and how the cycle counter becomes its clock.
/// @spill none: declarations, and functions over the blob.
#pragma once
#include "cells/timer/wheel.h"
#include "nano_core/api/cycle_counter.h"
#include "patterns/tick_source.h"

// The source of the ticks has a counter, which tells how much time lies between two ticks, also
// where the machine merged some. So the cycle counter can be calibrated while the system works. Two
// windows in a row must agree, since an emulator may be stopped for longer than the counter can
// count, or between the reading of the two.
enum {
  kClockAgreement = 128,  // ratios that differ by less than 1/128 agree
  kClockRatioShift = 32,
};

static const uint64_t kClockSecond = 1000000000;
static const uint64_t kClockWindow = 31250000;
static const uint64_t kClockLongestWindow = UINT64_C(1) << kClockRatioShift;  // 4.3 s

enum timer_source { kSourceNone, kSourceHpet, kSourcePit };

typedef struct timer_clock {
  monitor_t monitor;
  event_t event;    // of those who found no event for a bucket; signalled when `wake` has come
  uint64_t wake;    // their earliest deadline, nanoseconds; 0: nobody's
  uint64_t latest;  // the largest time that was given out
  uint64_t ticks;
  uint64_t calibrated;     // 1: the three numbers below hold
  uint64_t ratio;          // nanoseconds per cycle, fixed point; 0: not even an estimate
  uint64_t base_cycles;    // a moment, as the cycle counter shows it
  uint64_t base_time;      // and in nanoseconds; before: the time at which `elapsed` began
  uint64_t kind;           // enum timer_source
  tick_source_t source;    // of the ticks
  uint64_t count_ratio;    // nanoseconds per count of the source, fixed point
  uint64_t sampled;        // 1: the numbers below hold
  uint64_t elapsed;        // counts of the source since its first tick
  uint64_t last_count;     // the source's counter at the last tick
  uint64_t window_cycles;  // the cycle counter when the window began
  uint64_t window_counts;  // counts of the source since then
  uint64_t window_ratio;   // of the window before; 0: none
  uint64_t silent_ticks;   // `ticks` when the source was started: as long as it is that, none came
  uint64_t silent_asks;    // how often somebody asked for the time since
  uint64_t silent_since;   // the cycle counter when he first did
  uint64_t hpet_is_dead;   // 1: it was accepted, and never ticked
  uint64_t given_up;       // 1: nor did anything else
  wheel_t wheel;
} timer_clock_t;

STATE(timer_clock_t, timer_clock);

// The two counters at one moment.
typedef struct clock_sample {
  bool taken;
  uint64_t count;
  uint64_t cycles;
} clock_sample_t;

static inline uint64_t clock_scale(uint64_t number, uint64_t ratio) {
  return (uint64_t)((unsigned __int128)number * ratio >> kClockRatioShift);
}

static inline uint64_t clock_nanoseconds_of_counts(uint64_t counts)
    REQUIRES(state_timer_clock->monitor) {
  return clock_scale(counts, state_timer_clock->count_ratio);
}

// How many nanoseconds a cycle lasts, where so many passed in a time below kClockLongestWindow; at
// least 1.
static inline uint64_t clock_ratio_of(uint64_t cycles, uint64_t nanoseconds) {
  if (cycles == 0) cycles = 1;
  const uint64_t ratio = (nanoseconds << kClockRatioShift) / cycles;
  return ratio != 0 ? ratio : 1;
}

static inline bool clock_agree(uint64_t a, uint64_t b) {
  const uint64_t difference = a > b ? a - b : b - a;
  return difference < a / kClockAgreement;
}

static inline void clock_begin_window(uint64_t cycles) REQUIRES(state_timer_clock->monitor) {
  state_set(&state_timer_clock->window_cycles, cycles);
  state_set(&state_timer_clock->window_counts, 0);
}

// From here on the cycle counter is the clock; it goes on where the ticks stood.
static inline void clock_adopt(uint64_t ratio, uint64_t cycles, uint64_t time)
    REQUIRES(state_timer_clock->monitor) {
  state_set(&state_timer_clock->ratio, ratio);
  state_set(&state_timer_clock->base_cycles, cycles);
  state_set(&state_timer_clock->base_time, time);
  state_set(&state_timer_clock->calibrated, 1);
}

// Ends the window, and adopts what it shows where the window before agrees.
static inline void clock_end_window(uint64_t cycles, uint64_t ratio)
    REQUIRES(state_timer_clock->monitor) {
  const timer_clock_t *clock = state_timer_clock;
  if (clock_agree(clock->window_ratio, ratio)) {
    clock_adopt((clock->window_ratio + ratio) / 2, cycles,
                clock->base_time + clock_nanoseconds_of_counts(clock->elapsed));
  }
  state_set(&clock->window_ratio, ratio);
  clock_begin_window(cycles);
}

// Takes the first sample, from which the others are counted.
static inline void clock_begin_sampling(clock_sample_t sample)
    REQUIRES(state_timer_clock->monitor) {
  state_set(&state_timer_clock->last_count, sample.count);
  state_set(&state_timer_clock->sampled, UINT64_C(1));
  clock_begin_window(sample.cycles);
}

// Compares the two counters at a tick.
static inline void clock_calibrate(clock_sample_t sample) REQUIRES(state_timer_clock->monitor) {
  const timer_clock_t *clock = state_timer_clock;
  if (clock->sampled == 0) return clock_begin_sampling(sample);
  const uint64_t passed = (sample.count - clock->last_count) & clock->source.mask;
  // A counter that stands still is no counter: then a tick is a tick.
  const uint64_t counts = passed != 0 ? passed : clock->source.counts_per_tick;
  state_set(&clock->last_count, sample.count);
  state_set(&clock->elapsed, clock->elapsed + counts);
  state_set(&clock->window_counts, clock->window_counts + counts);
  const uint64_t nanoseconds = clock_nanoseconds_of_counts(clock->window_counts);
  if (nanoseconds >= kClockLongestWindow) return clock_begin_window(sample.cycles);
  const uint64_t ratio = clock_ratio_of(sample.cycles - clock->window_cycles, nanoseconds);
  if (clock->ratio == 0) state_set(&clock->ratio, ratio);
  if (nanoseconds >= kClockWindow) clock_end_window(sample.cycles, ratio);
}

// The clock, as the processor at hand sees it. That of another one may be some cycles behind.
static inline uint64_t clock_measure(void) REQUIRES(state_timer_clock->monitor) {
  const timer_clock_t *clock = state_timer_clock;
  if (clock->calibrated == 0) return clock->base_time + clock_nanoseconds_of_counts(clock->elapsed);
  const uint64_t cycles = cycle_counter();
  const uint64_t passed = cycles > clock->base_cycles ? cycles - clock->base_cycles : 0;
  return clock->base_time + clock_scale(passed, clock->ratio);
}

// Never less than before, whichever processor asks.
static inline uint64_t clock_now(void) REQUIRES(state_timer_clock->monitor) {
  const uint64_t time = clock_measure();
  const uint64_t latest = state_timer_clock->latest;
  if (time <= latest) return latest;
  state_set(&state_timer_clock->latest, time);
  return time;
}
