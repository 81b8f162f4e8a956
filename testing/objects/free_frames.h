// SPDX-License-Identifier: MIT
/// @file
/// How much memory is free, for commands that look whether all of it has come back.
#pragma once
#include "nano_core/api/cell.h"
#include "nano_core/api/instances.h"
#include "nano_core/api/memory.h"

/// Free frames: what the allocator has, and nano_core's reserve.
/// @errors  what the allocator's call answers
static inline u64_result_t free_frames_count(void) {
  const call_arguments_t none = {};
  call_outcome_t free_frames;
  TRY_RESULT(u64_result_t, instance_call(TEXT("frame_allocator"),
                                         TEXT("frame_allocator_free_frames"), &none, &free_frames));
  TRY_RESULT(u64_result_t, free_frames.status);
  u64_result_t frames = memory_reserve_frames();
  frames.value += free_frames.value;
  return frames;
}
