// SPDX-License-Identifier: MIT
/// @file
/// Calls of the heap, each in a fresh pool, which is gone afterwards with all that is in it.
/// Private to the cell.
#pragma once
#include "cells/heap/heap.h"
#include "testing/specimens/repeater/tried.h"

// A chunk has 128 blocks of this size; caches hold two groups of 64.
enum { kPoolFrames = 64, kBlockBytes = 128, kGroup = 64 };

static inline void *take_block(heap_pool_t pool) {
  const memory_result_t block = heap_allocate(pool, kBlockBytes);
  expect_ok(block.status);
  return block.value;
}

// Returns the first one.
static inline void *take_blocks(heap_pool_t pool, uint64_t count) {
  void *first = take_block(pool);
  for (uint64_t i = 1; i < count; i++) take_block(pool);
  return first;
}

static inline void take_block_watched(heap_pool_t pool) {
  begin_call();
  const memory_result_t block = heap_allocate(pool, kBlockBytes);
  end_call(block.status, STATUS_OK);
}

static inline void return_block_watched(heap_pool_t pool, void *block) {
  begin_call();
  const status_t status = heap_free(pool, block);
  end_call(status, STATUS_OK);
  if (!status_is_ok(status)) expect_ended(heap_free(pool, block));
}

static inline void call_blocks(uint64_t call) {
  const heap_pool_result_t made = heap_pool_create(owner_self().value, kPoolFrames);
  expect_ok(made.status);
  const heap_pool_t pool = made.value;
  void *first = take_block(pool);
  switch (call) {
    case kRepeaterBlock:
      take_block_watched(pool);
      break;
    case kRepeaterBlockBack:
      return_block_watched(pool, first);
      break;
    case kRepeaterBlockLent:
      take_blocks(pool, kGroup - 1);
      take_block_watched(pool);
      break;
    default:
      // The third group drives the first one out of the cache.
      take_blocks(pool, 2 * kGroup);
      return_block_watched(pool, first);
  }
  expect_ok(heap_pool_destroy(pool));
}
