// SPDX-License-Identifier: MIT
/// @file
/// The frames that the workers of `alloc` hold, all in one place, so that a frame that was given to
/// two of them is found. A run is written down as soon as it is there, and struck out before it is
/// given back.
#pragma once
#include "cells/load_generator/counters.h"
#include "nano_core/api/memory.h"

enum { kFrameRuns = 16 };  // of each worker

typedef struct load_generator_frames {
  monitor_t monitor;
  frame_range_t runs[kWorkers][kFrameRuns];  // count 0: none
} load_generator_frames_t;

STATE(load_generator_frames_t, load_generator_frames);

static inline bool frames_overlap(frame_range_t a, frame_range_t b) {
  const uint64_t a_end = a.start.bytes + a.count * kFrameBytes;
  const uint64_t b_end = b.start.bytes + b.count * kFrameBytes;
  return a.start.bytes < b_end && b.start.bytes < a_end;
}

/// Writes down a run; `place` was empty.
/// @returns  whether nobody else holds a frame of it
static inline bool frames_enter(uint64_t worker, size_t place, frame_range_t run) {
  bool free = true;
  monitor_enter(&state_load_generator_frames->monitor);
  for (size_t i = 0; i < kWorkers * kFrameRuns; i++) {
    const frame_range_t held = state_load_generator_frames->runs[i / kFrameRuns][i % kFrameRuns];
    if (held.count != 0 && frames_overlap(held, run)) free = false;
  }
  state_copy(&state_load_generator_frames->runs[worker][place], &run, sizeof(run));
  monitor_exit(&state_load_generator_frames->monitor);
  return free;
}

/// Strikes out a run.
static inline void frames_leave(uint64_t worker, size_t place) {
  monitor_enter(&state_load_generator_frames->monitor);
  state_set(&state_load_generator_frames->runs[worker][place].count, UINT64_C(0));
  monitor_exit(&state_load_generator_frames->monitor);
}

/// Strikes out all runs: those of workers that ended by themselves are left over.
static inline void frames_forget(void) {
  monitor_enter(&state_load_generator_frames->monitor);
  state_clear(&state_load_generator_frames->runs, sizeof(state_load_generator_frames->runs));
  monitor_exit(&state_load_generator_frames->monitor);
}
