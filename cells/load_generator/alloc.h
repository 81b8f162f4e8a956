// SPDX-License-Identifier: MIT
/// @file
/// The load `alloc`: one operation is one allocation or one release, of frames or of a heap block.
/// Blocks are filled with a pattern of the worker's own, which is checked before they are freed;
/// frames that are handed out twice are found by comparing them with all that any worker holds.
#pragma once
#include "cells/frame_allocator/frame_allocator.h"
#include "cells/heap/heap.h"
#include "cells/load_generator/frames.h"
#include "cells/load_generator/worker.h"

enum {
  kAllocTag = SEALED_TAG('L', 'A', 'L', 'C'),
  kAllocVersion = 3,
  kAllocPerBatch = 12,
  kAllocBlocks = 24,
  kAllocRunFrames = 8,
  kAllocPoolFrames = 64,
  kAllocBlockWords = 64,  // the largest block
};

typedef struct alloc_block {
  void *memory;  // null: the place is empty
  uint64_t words;
  uint64_t seed;
} alloc_block_t;

typedef struct alloc_progress {
  load_worker_t worker;
  owner_t owner;
  heap_pool_t pool;
  bool ready;                      // owner and pool are there
  frame_range_t runs[kFrameRuns];  // count 0: the place is empty
  alloc_block_t blocks[kAllocBlocks];
} alloc_progress_t;

static inline bool alloc_prepare(load_batch_t *batch, alloc_progress_t *progress) {
  if (progress->ready) return true;
  const owner_result_t owner = owner_self();
  if (!batch_accept(batch, owner.status)) return false;
  const heap_pool_result_t pool = heap_pool_create(owner.value, kAllocPoolFrames);
  if (!batch_accept(batch, pool.status)) return false;
  progress->owner = owner.value;
  progress->pool = pool.value;
  progress->ready = true;
  return true;
}

static inline void alloc_take_run(load_batch_t *batch, alloc_progress_t *progress, size_t place) {
  const uint64_t count = 1 + worker_random(&progress->worker) % kAllocRunFrames;
  const paddr_result_t start = frame_allocator_allocate(progress->owner, count);
  if (!batch_accept(batch, start.status)) return;
  const frame_range_t run = {.start = start.value, .count = count};
  const bool free = frames_enter(progress->worker.number, place, run);
  batch_count(batch, start.value.bytes % kFrameBytes == 0 && free);
  progress->runs[place] = run;
}

static inline bool alloc_free_run(load_batch_t *batch, alloc_progress_t *progress, size_t place) {
  const frame_range_t run = progress->runs[place];
  if (run.count == 0) return true;
  // As soon as they are free, another worker may get them.
  frames_leave(progress->worker.number, place);
  if (!batch_accept(batch, frame_allocator_free(progress->owner, run.start, run.count))) {
    if (!frames_enter(progress->worker.number, place, run)) batch_count(batch, false);
    return false;
  }
  progress->runs[place].count = 0;
  batch_count(batch, true);
  return true;
}

static inline u64_span_t alloc_words(const alloc_block_t *block) {
  return (u64_span_t){block->memory, block->words};
}

// Fresh memory is all zero.
static inline bool alloc_fill(const alloc_block_t *block) {
  const u64_span_t words = alloc_words(block);
  bool zero = true;
  for (size_t i = 0; i < words.length; i++) {
    if (*u64_span_at(words, i) != 0) zero = false;
    *u64_span_at(words, i) = block->seed ^ i;
  }
  return zero;
}

static inline bool alloc_intact(const alloc_block_t *block) {
  const u64_span_t words = alloc_words(block);
  for (size_t i = 0; i < words.length; i++) {
    if (*u64_span_at(words, i) != (block->seed ^ i)) return false;
  }
  return true;
}

static inline void alloc_take_block(load_batch_t *batch, alloc_progress_t *progress, size_t place) {
  alloc_block_t block = {.words = 1 + worker_random(&progress->worker) % kAllocBlockWords};
  block.seed = worker_random(&progress->worker);
  const memory_result_t memory = heap_allocate(progress->pool, block.words * sizeof(uint64_t));
  if (!batch_accept(batch, memory.status)) return;
  block.memory = memory.value;
  batch_count(batch, block.memory != nullptr && alloc_fill(&block));
  progress->blocks[place] = block;
}

static inline bool alloc_free_block(load_batch_t *batch, alloc_progress_t *progress, size_t place) {
  const alloc_block_t block = progress->blocks[place];
  if (block.memory == nullptr) return true;
  const bool intact = alloc_intact(&block);
  if (!batch_accept(batch, heap_free(progress->pool, block.memory))) return false;
  progress->blocks[place].memory = nullptr;
  batch_count(batch, intact);
  return true;
}

static inline void alloc_turn_run(load_batch_t *batch, alloc_progress_t *progress) {
  const size_t place = worker_random(&progress->worker) % kFrameRuns;
  if (progress->runs[place].count == 0) {
    alloc_take_run(batch, progress, place);
  } else {
    alloc_free_run(batch, progress, place);
  }
}

static inline void alloc_turn_block(load_batch_t *batch, alloc_progress_t *progress) {
  const size_t place = worker_random(&progress->worker) % kAllocBlocks;
  if (progress->blocks[place].memory == nullptr) {
    alloc_take_block(batch, progress, place);
  } else {
    alloc_free_block(batch, progress, place);
  }
}

// Two of three operations are on frames.
static inline void alloc_batch(load_batch_t *batch, alloc_progress_t *progress) {
  if (!alloc_prepare(batch, progress)) return;
  for (size_t i = 0; i < kAllocPerBatch; i++) {
    if (i % 3 == 0) {
      alloc_turn_block(batch, progress);
    } else {
      alloc_turn_run(batch, progress);
    }
  }
}

// Gives everything back; false: something is left, to be tried again.
static inline bool alloc_clean(load_batch_t *batch, alloc_progress_t *progress) {
  bool clean = true;
  for (size_t i = 0; i < kFrameRuns; i++) clean &= alloc_free_run(batch, progress, i);
  for (size_t i = 0; i < kAllocBlocks; i++) clean &= alloc_free_block(batch, progress, i);
  if (!clean || !progress->ready) return clean;
  const u64_result_t used = heap_used_bytes(progress->pool);
  if (!batch_accept(batch, used.status)) return false;
  batch_count(batch, used.value == 0);
  if (!batch_accept(batch, heap_pool_destroy(progress->pool))) return false;
  progress->ready = false;
  return true;
}

/// One turn of a worker.
static inline status_t alloc_turn(load_batch_t *batch, alloc_progress_t *progress, bool stopping) {
  if (stopping) return alloc_clean(batch, progress) ? ERR(END) : OK;
  alloc_batch(batch, progress);
  return OK;
}
