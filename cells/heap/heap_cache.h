// SPDX-License-Identifier: MIT
/// @file
/// A cache for each processor: groups of up to 64 blocks, each lent by the heap for one pool, out
/// of which small blocks are taken and into which they are returned. Private to the heap.
///
/// Order of monitors: the heap's, then that of one cache. Whoever is inside the heap's monitor can
/// so enter all caches in turn while no group moves: sums are exact, and a pool that has had its
/// groups given back has none in any cache. The usual case enters one cache only.
///
/// Which processor a cache is for is a hint. Nothing here depends on the caller still being there.
#pragma once
#include "cells/heap/heap_chunks.h"

static inline const block_cache_t *cache_at(uint64_t number) {
  return &state_heap_pools->caches[number];
}

// Takes the lowest free block of a slot, and clears it: once the monitor is left, the pool may be
// destroyed, and the memory be another one's.
static inline void *take_lowest(const block_slot_t *slot, uint32_t size) {
  const uint64_t block = (uint64_t)__builtin_ctzll(slot->free);
  const uint64_t bit = UINT64_C(1) << block;
  state_set(&slot->free, slot->free ^ bit);
  state_set(&slot->used, slot->used | bit);
  void *memory = byte_span_at(slot->memory, block * kSmallest << size);
  __builtin_memset(memory, 0, (size_t)kSmallest << size);
  return memory;
}

// Takes a block of a small size out of a cache. NOT_FOUND: it has none.
static inline memory_result_t take_from_cache(const block_cache_t *cache, heap_pool_t pool,
                                              uint32_t size) {
  memory_result_t result = {.status = ERR(NOT_FOUND)};
  monitor_enter(&cache->monitor);
  for (uint64_t way = 0; way < kCacheWays; way++) {
    const block_slot_t *slot = &cache->sets[pool.index % kCacheSets][size][way];
    if (slot->free == 0 || !is_same_pool(slot->pool, pool)) continue;
    result = (memory_result_t){.value = take_lowest(slot, size)};
    break;
  }
  monitor_exit(&cache->monitor);
  return result;
}

// Returns a block to a slot if it was taken there.
static inline bool return_to_slot(const block_slot_t *slot, heap_pool_t pool, uint32_t size,
                                  uint64_t address) {
  const uint64_t offset = address - (uint64_t)(uintptr_t)slot->memory.data;
  if (offset >= slot->memory.length || !is_same_pool(slot->pool, pool)) return false;
  const uint64_t block_bytes = (uint64_t)kSmallest << size;
  const uint64_t bit = UINT64_C(1) << offset / block_bytes % kGroupBlocks;
  if (offset % block_bytes != 0 || (slot->used & bit) == 0) return false;
  state_set(&slot->used, slot->used ^ bit);
  state_set(&slot->free, slot->free | bit);
  return true;
}

// Returns a block to a cache that has its group; false: it has not, or the block is not one that
// this pool has handed out, and nothing is changed.
static inline bool return_to_cache(const block_cache_t *cache, heap_pool_t pool, uint64_t address) {
  bool returned = false;
  monitor_enter(&cache->monitor);
  for (uint32_t size = 0; size < kSizes && !returned; size++) {
    for (uint64_t way = 0; way < kCacheWays && !returned; way++) {
      const block_slot_t *slot = &cache->sets[pool.index % kCacheSets][size][way];
      returned = return_to_slot(slot, pool, size, address);
    }
  }
  monitor_exit(&cache->monitor);
  return returned;
}

// Gives the group of a slot back to its chunk.
__attribute__((noinline)) static void give_back(uint64_t number, const block_slot_t *slot)
    REQUIRES(state_heap_pools->monitor) {
  if ((slot->free | slot->used) == 0) return;
  const pool_record_t *pool = record_pool_get(&state_heap_pools->pools, slot->pool);
  const chunk_t *chunk = chunk_at(slot->chunk);
  const uint32_t used = (uint32_t)count_bits(slot->used);
  list_out(pool, slot->chunk);
  bitmap_store(block_map_map(&chunk->free), slot->group, slot->free);
  state_set(&chunk->holders[slot->group], 0);
  state_set(&chunk->used, chunk->used + used);
  state_set(&chunk->lent, chunk->lent - 1);
  list_in(pool, slot->chunk);
  state_set(&pool->blocks, pool->blocks + used);
  state_set(&pool->used_bytes, pool->used_bytes + used * chunk->block_bytes);
  state_set(&state_heap_pools->lent[number], state_heap_pools->lent[number] - 1);
  state_clear(slot, sizeof(*slot));
}

// Takes a group with a free block out of a chunk of small blocks, as a slot holds it.
static inline block_slot_t take_group(uint64_t number, const pool_record_t *pool, uint32_t index)
    REQUIRES(state_heap_pools->monitor) {
  const chunk_t *chunk = chunk_at(index);
  const bitmap_t map = block_map_map(&chunk->free);
  const uint64_t group = bitmap_find(map, 0, chunk->blocks) / kGroupBlocks;
  const uint64_t rest = chunk->blocks - group * kGroupBlocks;
  const uint64_t count = rest < kGroupBlocks ? rest : kGroupBlocks;
  const uint64_t free = bitmap_word(map, group);
  const uint64_t used = bitmap_mask(0, count) & ~free;
  const byte_span_t memory = {chunk->memory, bytes_of(chunk)};
  const uint64_t start = group * kGroupBlocks * chunk->block_bytes;
  list_out(pool, index);
  bitmap_store(map, group, 0);
  state_set(&chunk->holders[group], (uint8_t)(number + 1));
  state_set(&chunk->used, chunk->used - (uint32_t)count_bits(used));
  state_set(&chunk->lent, chunk->lent + 1);
  list_in(pool, index);
  state_set(&pool->blocks, pool->blocks - (uint32_t)count_bits(used));
  state_set(&pool->used_bytes, pool->used_bytes - count_bits(used) * chunk->block_bytes);
  state_set(&state_heap_pools->lent[number], state_heap_pools->lent[number] + 1);
  return (block_slot_t){free,
                        used,
                        chunk->pool,
                        index,
                        (uint32_t)group,
                        byte_span_slice(memory, start, count * chunk->block_bytes)};
}

// Lends a group of a chunk that has a free block to a cache, whose older group of that size goes
// back, and takes a block of it.
__attribute__((noinline)) static void *lend_group(uint64_t number, const pool_record_t *pool,
                                                  uint32_t index)
    REQUIRES(state_heap_pools->monitor) {
  const uint32_t size = size_of(chunk_at(index)->block_bytes);
  const uint64_t set = chunk_at(index)->pool.index % kCacheSets;
  const block_cache_t *cache = cache_at(number);
  const block_slot_t slot = take_group(number, pool, index);
  monitor_enter(&cache->monitor);
  give_back(number, &cache->sets[set][size][1]);
  state_set(&cache->sets[set][size][1], cache->sets[set][size][0]);
  state_set(&cache->sets[set][size][0], slot);
  void *block = take_lowest(&cache->sets[set][size][0], size);
  monitor_exit(&cache->monitor);
  return block;
}

// Has every cache give back what it has of a pool; false: there was nothing.
__attribute__((noinline)) static bool recall_pool(heap_pool_t pool)
    REQUIRES(state_heap_pools->monitor) {
  bool recalled = false;
  for (uint64_t number = 0; number < kCaches; number++) {
    if (state_heap_pools->lent[number] == 0) continue;
    const block_cache_t *cache = cache_at(number);
    monitor_enter(&cache->monitor);
    for (uint32_t size = 0; size < kSizes; size++) {
      for (uint64_t way = 0; way < kCacheWays; way++) {
        const block_slot_t *slot = &cache->sets[pool.index % kCacheSets][size][way];
        if (!is_same_pool(slot->pool, pool)) continue;
        give_back(number, slot);
        recalled = true;
      }
    }
    monitor_exit(&cache->monitor);
  }
  return recalled;
}

typedef struct block_sum {
  uint64_t blocks;
  uint64_t bytes;
} block_sum_t;

// What of a pool is handed out, caches included.
__attribute__((noinline)) static block_sum_t count_used(heap_pool_t pool,
                                                        const pool_record_t *record)
    REQUIRES(state_heap_pools->monitor) {
  block_sum_t sum = {record->blocks, record->used_bytes};
  for (uint64_t number = 0; number < kCaches; number++) {
    if (state_heap_pools->lent[number] == 0) continue;
    const block_cache_t *cache = cache_at(number);
    monitor_enter(&cache->monitor);
    for (uint32_t size = 0; size < kSizes; size++) {
      for (uint64_t way = 0; way < kCacheWays; way++) {
        const block_slot_t *slot = &cache->sets[pool.index % kCacheSets][size][way];
        if (!is_same_pool(slot->pool, pool)) continue;
        sum.blocks += count_bits(slot->used);
        sum.bytes += count_bits(slot->used) * kSmallest << size;
      }
    }
    monitor_exit(&cache->monitor);
  }
  return sum;
}
