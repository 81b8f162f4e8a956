// SPDX-License-Identifier: MIT
/// @file
/// The benchmarks `boot.memory`, `monitor.word`, `alloc.frame` and `alloc.heap`.
/// @spill none: the blob `command_bench_word` is written, nobody reads it.
#pragma once
#include "cells/command_bench/bench.h"
#include "cells/frame_allocator/frame_allocator.h"
#include "nano_core/api/cycle_counter.h"
#include "nano_core/api/memory.h"

// The frames that the allocator has given to nano_core, which counts them itself.
static inline u64_result_t frames_of_core(void) {
  for (uint64_t i = 0;; i++) {
    frame_usage_t usage;
    const status_t status = frame_allocator_usage(i, &usage);
    if (status_is(status, STATUS_END)) return (u64_result_t){};
    if (status_is(status, STATUS_NOT_FOUND)) continue;
    TRY_RESULT(u64_result_t, status);
    if (usage.owner.number == 0) return (u64_result_t){.value = usage.frames};
  }
}

// What nobody could get any more: everything less free frames and nano_core's reserve.
static inline u64_result_t memory_in_use(void) {
  const u64_result_t total = frame_allocator_total_frames();
  if (!status_is_ok(total.status)) return total;
  const u64_result_t unused = frame_allocator_free_frames();
  if (!status_is_ok(unused.status)) return unused;
  const u64_result_t twice = frames_of_core();
  if (!status_is_ok(twice.status)) return twice;
  u64_result_t core = memory_core_frames();
  core.value = (core.value + total.value - unused.value - twice.value) * kFrameBytes;
  return core;
}

typedef struct bench_word {
  monitor_t monitor;
  uint64_t word;
} bench_word_t;

STATE(bench_word_t, command_bench_word);

static inline void change_words(void) {
  for (uint64_t i = 0; i < kPairs; i++) {
    monitor_enter(&state_command_bench_word->monitor);
    state_set(&state_command_bench_word->word, i);
    monitor_exit(&state_command_bench_word->monitor);
  }
}

// A monitor is entered, one word is logged and stored, and it is left.
static inline u64_result_t measure_word(void) {
  uint64_t best = UINT64_MAX;
  for (size_t i = 0; i < kRounds; i++) {
    const uint64_t start = cycle_counter();
    change_words();
    best = smaller(best, cycle_counter() - start);
  }
  return (u64_result_t){.value = best / kPairs};
}

static inline status_t frame_pairs(owner_t owner) {
  for (size_t i = 0; i < kPairs; i++) {
    const paddr_result_t frame = frame_allocator_allocate(owner, 1);
    TRY(frame.status);
    TRY(frame_allocator_free(owner, frame.value, 1));
  }
  return OK;
}

static inline u64_result_t measure_frames(void) {
  const owner_result_t owner = owner_self();
  TRY_RESULT(u64_result_t, owner.status);
  uint64_t best = UINT64_MAX;
  for (size_t i = 0; i < kRounds; i++) {
    const uint64_t start = cycle_counter();
    TRY_RESULT(u64_result_t, frame_pairs(owner.value));
    best = smaller(best, cycle_counter() - start);
  }
  return (u64_result_t){.value = best / kPairs};
}

static inline status_t block_pairs(heap_pool_t pool) {
  for (size_t i = 0; i < kPairs; i++) {
    const memory_result_t block = heap_allocate(pool, kBlockBytes);
    TRY(block.status);
    TRY(heap_free(pool, block.value));
  }
  return OK;
}

static inline u64_result_t measure_pool(heap_pool_t pool) {
  // One block is kept, so that no pair maps or unmaps memory.
  TRY_RESULT(u64_result_t, heap_allocate(pool, kBlockBytes).status);
  uint64_t best = UINT64_MAX;
  for (size_t i = 0; i < kRounds; i++) {
    const uint64_t start = cycle_counter();
    TRY_RESULT(u64_result_t, block_pairs(pool));
    best = smaller(best, cycle_counter() - start);
  }
  return (u64_result_t){.value = best / kPairs};
}

static inline u64_result_t measure_blocks(void) {
  const owner_result_t owner = owner_self();
  TRY_RESULT(u64_result_t, owner.status);
  const heap_pool_result_t pool = heap_pool_create(owner.value, kPoolFrames);
  TRY_RESULT(u64_result_t, pool.status);
  const u64_result_t result = measure_pool(pool.value);
  TRY_RESULT(u64_result_t, heap_pool_destroy(pool.value));
  return result;
}
