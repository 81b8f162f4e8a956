// SPDX-License-Identifier: MIT
/// @file
/// Calls of the frame allocator. Private to the cell.
#pragma once
#include "cells/frame_allocator/frame_allocator.h"
#include "testing/specimens/repeater/tried.h"

enum { kRunFrames = 2 };

static inline owner_t self(void) { return owner_self().value; }

static inline paddr_t take_frames(uint64_t count) {
  const paddr_result_t frames = frame_allocator_allocate(self(), count);
  expect_ok(frames.status);
  return frames.value;
}

static inline void return_frames(paddr_t start, uint64_t count) {
  if (start.bytes != 0) expect_ok(frame_allocator_free(self(), start, count));
}

// What a call that answered FAULT has taken is lost.
static inline paddr_t take_frames_watched(uint64_t count) {
  const owner_t owner = self();
  begin_call();
  const paddr_result_t frames = frame_allocator_allocate(owner, count);
  end_call(frames.status, STATUS_OK);
  return status_is_ok(frames.status) ? frames.value : (paddr_t){};
}

static inline void return_frames_watched(paddr_t start, uint64_t count) {
  if (start.bytes == 0) return;
  const owner_t owner = self();
  begin_call();
  const status_t status = frame_allocator_free(owner, start, count);
  end_call(status, STATUS_OK);
  if (!status_is_ok(status)) expect_ended(frame_allocator_free(owner, start, count));
}

// Two neighbours out of one group. Returned together, their group goes back to the pool.
static inline paddr_t take_neighbours(void) {
  const paddr_t first = take_frames(1);
  const paddr_t second = take_frames(1);
  if (second.bytes == first.bytes + kFrameBytes) return first;
  return_frames(first, 1);
  return_frames(second, 1);
  return (paddr_t){};
}

static inline void call_frames(uint64_t call) {
  switch (call) {
    case kRepeaterFrame:
      return return_frames(take_frames_watched(1), 1);
    case kRepeaterFrameBack:
      return return_frames_watched(take_frames(1), 1);
    case kRepeaterFrameLent:
      return_frames(take_neighbours(), 2);
      return return_frames(take_frames_watched(1), 1);
    case kRepeaterFrameRecalled:
      return return_frames_watched(take_neighbours(), 2);
    case kRepeaterFrames:
      return_frames(take_neighbours(), 2);
      return return_frames(take_frames_watched(kRunFrames), kRunFrames);
    default:
      return_frames(take_neighbours(), 2);
      return return_frames_watched(take_frames(kRunFrames), kRunFrames);
  }
}
