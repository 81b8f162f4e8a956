// SPDX-License-Identifier: MIT
/// @file
/// Pools and their chunks: what stands behind the heap's monitor. Private to the heap.
///
/// A chunk is mapped memory of one pool, cut into blocks of one size: small ones have the sizes
/// 16 << 0 to 16 << 7; a larger block has a chunk to itself. The blocks of a chunk of small ones
/// are looked at in groups of 64. A group can be lent to the cache of a processor (heap_cache.h):
/// its blocks then are clear in `free`, and neither the chunk nor its pool counts them.
#pragma once
#include "cells/heap/heap.h"
#include "patterns/bitmap.h"
#include "patterns/list.h"
#include "patterns/pool.h"

enum {
  kPools = 64,
  kChunks = 1024,
  kBuckets = 1024,
  kSizes = 8,
  kLarge = kSizes,  // in place of a size: a block with a chunk of its own
  kSmallest = 16,
  kLargestSmall = kSmallest << (kSizes - 1),
  kChunkBlocks = 256,
  kChunkFrames = 4,  // of a chunk of small blocks, fewer for the smallest sizes
  kGroupBlocks = kBitmapWordBits,
  kChunkGroups = kChunkBlocks / kGroupBlocks,
  kSpareFrames = 16,  // a larger chunk is not kept once it is empty
  kCaches = kProcessors,
  kCacheSets = 4,
  kCacheWays = 2,
  kCacheLineBytes = 64,
};

BITMAP_DEFINE(block_map, kChunkBlocks);

typedef struct chunk {
  void *memory;
  uint64_t block_bytes;
  heap_pool_t pool;
  uint32_t blocks;
  uint32_t used;                  // blocks, in groups that are not lent
  uint32_t lent;                  // groups
  uint32_t next;                  // in its bucket: index + 1
  uint8_t holders[kChunkGroups];  // by group: the cache that it is lent to + 1; 0: none
  block_map_t free;               // none of a chunk that could not be unmapped whole
} chunk_t;

typedef struct chunk_handle {
  uint32_t index;
  uint32_t generation;
} chunk_handle_t;

// A chunk with a free block is in the list of its size, empty ones last; others are in `others`.
// While it is being mapped or unmapped, outside of the monitor, it is in none.
typedef struct pool_record {
  owner_t owner;
  uint32_t dying;       // 1: being destroyed
  uint32_t blocks;      // handed out, of groups that are not lent
  uint64_t used_bytes;  // of those blocks
  uint64_t frames;      // mapped, or about to be
  uint64_t frames_limit;
  list_head_t partial[kSizes + 1];
  uint32_t empty[kSizes + 1];  // how many of those chunks are
  list_head_t others;
} pool_record_t;

// A group of blocks that is lent to a cache. All zero is an empty slot.
typedef struct block_slot {
  uint64_t free;  // a bit for each block
  uint64_t used;
  heap_pool_t pool;
  uint32_t chunk;
  uint32_t group;
  byte_span_t memory;  // of the group
} block_slot_t;

// The groups of a pool are in the set of its index, by size. Which group a slot holds changes only
// inside the heap's monitor and this one; its blocks change inside this one.
typedef struct block_cache {
  alignas(kCacheLineBytes) monitor_t monitor;
  block_slot_t sets[kCacheSets][kSizes][kCacheWays];  // the newer group first
} block_cache_t;

POOL_DEFINE(chunk_pool, chunk_handle_t, chunk_t, kChunks);
POOL_DEFINE(record_pool, heap_pool_t, pool_record_t, kPools);

typedef struct heap_state {
  monitor_t monitor;
  record_pool_t pools;
  chunk_pool_t chunks;
  list_link_t links[kChunks];
  uint32_t buckets[kBuckets];  // chunks by their first page: index + 1
  uint64_t lent[kCaches];      // groups, by cache
  block_cache_t caches[kCaches];
} heap_state_t;

STATE(heap_state_t, heap_pools);

static inline const chunk_t *chunk_at(uint32_t index) REQUIRES(state_heap_pools->monitor) {
  return &state_heap_pools->chunks.items[index];
}

static inline bool is_same_pool(heap_pool_t a, heap_pool_t b) {
  return a.index == b.index && a.generation == b.generation;
}

// The pool, or a null pointer where the handle is stale or the pool is being destroyed.
static inline const pool_record_t *find_pool(heap_pool_t pool) REQUIRES(state_heap_pools->monitor) {
  const pool_record_t *record = record_pool_get(&state_heap_pools->pools, pool);
  return record != NULL && record->dying == 0 ? record : NULL;
}

// The number of the size that fits, kLarge for a block with a chunk of its own.
static inline uint32_t size_of(uint64_t bytes) {
  if (bytes <= kSmallest) return 0;
  if (bytes > kLargestSmall) return kLarge;
  const uint32_t smallest_bits = 60;  // leading zeros of kSmallest - 1
  return smallest_bits - (uint32_t)__builtin_clzll(bytes - 1);
}

static inline uint64_t chunk_frames(uint64_t bytes) {
  const uint32_t size = size_of(bytes);
  if (size == kLarge) return (bytes - 1) / kFrameBytes + 1;
  const uint64_t frames = ((uint64_t)kSmallest << size) * kChunkBlocks / kFrameBytes;
  return frames < kChunkFrames ? frames : kChunkFrames;
}

// The size of the block that `bytes` are rounded up to.
static inline uint64_t block_bytes_for(uint64_t bytes) {
  const uint32_t size = size_of(bytes);
  return size == kLarge ? chunk_frames(bytes) * kFrameBytes : (uint64_t)kSmallest << size;
}

static inline uint64_t bytes_of(const chunk_t *chunk) { return chunk->block_bytes * chunk->blocks; }

static inline uint64_t frames_of(const chunk_t *chunk) { return bytes_of(chunk) / kFrameBytes; }

static inline uint64_t count_bits(uint64_t word) { return (uint64_t)__builtin_popcountll(word); }

static inline bool has_free(const chunk_t *chunk) { return chunk->free.summary[0] != 0; }

static inline bool is_empty(const chunk_t *chunk) {
  return chunk->used == 0 && chunk->lent == 0 && has_free(chunk);
}

// The list that the chunk belongs into.
static inline const list_head_t *list_for(const pool_record_t *pool, const chunk_t *chunk) {
  return has_free(chunk) ? &pool->partial[size_of(chunk->block_bytes)] : &pool->others;
}

// Around each change of a chunk that is in a list: out, change, in.
__attribute__((noinline)) static void list_out(const pool_record_t *pool, uint32_t index)
    REQUIRES(state_heap_pools->monitor) {
  const chunk_t *chunk = chunk_at(index);
  list_remove(LIST_LINKS(state_heap_pools->links), list_for(pool, chunk), index);
  const uint32_t *empty = &pool->empty[size_of(chunk->block_bytes)];
  if (is_empty(chunk)) state_set(empty, *empty - 1);
}

__attribute__((noinline)) static void list_in(const pool_record_t *pool, uint32_t index)
    REQUIRES(state_heap_pools->monitor) {
  const chunk_t *chunk = chunk_at(index);
  const list_head_t *head = list_for(pool, chunk);
  const uint32_t *empty = &pool->empty[size_of(chunk->block_bytes)];
  const uint32_t last = is_empty(chunk) ? list_last(head) : kListNone;
  if (is_empty(chunk)) state_set(empty, *empty + 1);
  list_insert(LIST_LINKS(state_heap_pools->links), head, last, index);
}

static inline const uint32_t *bucket_of(uint64_t page) REQUIRES(state_heap_pools->monitor) {
  return &state_heap_pools->buckets[page % kBuckets];
}

static inline uint64_t page_of(const void *memory) {
  return (uint64_t)(uintptr_t)memory / kFrameBytes;
}

// Puts a chunk whose memory is mapped where it can be found by address, and takes it out again.
static inline void register_chunk(uint32_t index) REQUIRES(state_heap_pools->monitor) {
  const uint32_t *bucket = bucket_of(page_of(chunk_at(index)->memory));
  state_set(&chunk_at(index)->next, *bucket);
  state_set(bucket, index + 1);
}

static inline void forget_chunk(uint32_t index) REQUIRES(state_heap_pools->monitor) {
  const uint32_t *link = bucket_of(page_of(chunk_at(index)->memory));
  while (*link != 0 && *link != index + 1) link = &chunk_at(*link - 1)->next;
  if (*link == 0) TRAP();
  state_set(link, chunk_at(index)->next);
}

// The chunk that a block at `address` can belong to, or kListNone. A small block lies on one of the
// pages of its chunk, a large one begins where its chunk does.
static inline uint32_t find_chunk(uint64_t address) REQUIRES(state_heap_pools->monitor) {
  const uint64_t page = address / kFrameBytes;
  for (uint64_t back = 0; back < kChunkFrames && back <= page; back++) {
    uint32_t link = *bucket_of(page - back);
    while (link != 0 && page_of(chunk_at(link - 1)->memory) != page - back) {
      link = chunk_at(link - 1)->next;
    }
    if (link != 0) return back < frames_of(chunk_at(link - 1)) ? link - 1 : kListNone;
  }
  return kListNone;
}
