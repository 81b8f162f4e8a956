// SPDX-License-Identifier: MIT
#include "cells/heap/heap.h"

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/heap/heap_cache.h"

// The cache to try. The task may be on another processor before it is even entered.
static uint64_t own_cache(void) {
  const u32_result_t self = processor_self();
  return status_is_ok(self.status) ? self.value % kCaches : 0;
}

heap_pool_result_t heap_pool_create(owner_t owner, uint64_t frames_limit) {
  if (frames_limit == 0) return (heap_pool_result_t){.status = ERR(INVALID_ARGUMENT)};
  heap_pool_t pool = {};
  monitor_enter(&state_heap_pools->monitor);
  const status_t status = record_pool_take(&state_heap_pools->pools, &pool);
  if (status_is_ok(status)) {
    const pool_record_t record = {.owner = owner, .frames_limit = frames_limit};
    state_copy(&state_heap_pools->pools.items[pool.index], &record, sizeof(record));
  }
  monitor_exit(&state_heap_pools->monitor);
  return (heap_pool_result_t){.status = status, .value = pool};
}

// Marks the only block of a chunk as taken.
static void *take_large(const pool_record_t *pool, uint32_t index)
    REQUIRES(state_heap_pools->monitor) {
  const chunk_t *chunk = chunk_at(index);
  list_out(pool, index);
  bitmap_store(block_map_map(&chunk->free), 0, 0);
  state_set(&chunk->used, 1);
  list_in(pool, index);
  state_set(&pool->blocks, pool->blocks + 1);
  state_set(&pool->used_bytes, pool->used_bytes + chunk->block_bytes);
  return chunk->memory;
}

static void *take_block(uint64_t number, const pool_record_t *pool, uint32_t index)
    REQUIRES(state_heap_pools->monitor) {
  const bool large = chunk_at(index)->block_bytes > kLargestSmall;
  return large ? take_large(pool, index) : lend_group(number, pool, index);
}

// A chunk that is in no list, as it is given back to the mapper or taken into use again.
typedef struct retired {
  chunk_handle_t handle;  // none: there is no chunk
  owner_t owner;
  void *memory;
  uint64_t frames;
} retired_t;

// Takes a chunk out of its list, so that it is nobody else's outside of the monitor.
static retired_t retire(const pool_record_t *pool, uint32_t index)
    REQUIRES(state_heap_pools->monitor) {
  const chunk_t *chunk = chunk_at(index);
  retired_t retired = {{}, pool->owner, chunk->memory, frames_of(chunk)};
  list_out(pool, index);
  forget_chunk(index);
  if (!chunk_pool_taken(&state_heap_pools->chunks, index, &retired.handle)) TRAP();
  return retired;
}

// A chunk of the pool with a free block of that size, or kListNone.
static uint32_t find_partial(const pool_record_t *pool, uint64_t bytes)
    REQUIRES(state_heap_pools->monitor) {
  const uint64_t block_bytes = block_bytes_for(bytes);
  uint32_t index = list_first(&pool->partial[size_of(bytes)]);
  while (index != kListNone && chunk_at(index)->block_bytes != block_bytes) {
    index = list_next(LIST_LINKS(state_heap_pools->links), index);
  }
  return index;
}

// A block out of the chunks that the pool has, or a kept chunk for a large one, which is not
// cleared inside of the monitor. NOT_FOUND: it needs another chunk.
static memory_result_t allocate_from_pool(uint64_t number, heap_pool_t handle, uint64_t bytes,
                                          retired_t *kept) {
  memory_result_t result = {.status = ERR(STALE)};
  monitor_enter(&state_heap_pools->monitor);
  const pool_record_t *pool = find_pool(handle);
  if (pool != NULL) {
    const uint32_t index = find_partial(pool, bytes);
    result.status = index == kListNone ? ERR(NOT_FOUND) : OK;
    if (index != kListNone && size_of(bytes) == kLarge) *kept = retire(pool, index);
    if (index != kListNone && size_of(bytes) != kLarge) {
      result.value = lend_group(number, pool, index);
    }
  }
  monitor_exit(&state_heap_pools->monitor);
  return result;
}

// Takes the pool's leave to map so many frames, and a place for the chunk.
static status_t reserve_locked(heap_pool_t handle, uint64_t frames, chunk_handle_t *chunk,
                               owner_t *owner) REQUIRES(state_heap_pools->monitor) {
  const pool_record_t *pool = find_pool(handle);
  if (pool == NULL) return ERR(STALE);
  if (frames > pool->frames_limit - pool->frames) return ERR(NO_MEMORY);
  TRY(chunk_pool_take(&state_heap_pools->chunks, chunk));
  state_set(&pool->frames, pool->frames + frames);
  *owner = pool->owner;
  return OK;
}

static status_t reserve(heap_pool_t handle, uint64_t frames, chunk_handle_t *chunk,
                        owner_t *owner) {
  monitor_enter(&state_heap_pools->monitor);
  const status_t status = reserve_locked(handle, frames, chunk, owner);
  monitor_exit(&state_heap_pools->monitor);
  return status;
}

// The opposite of reserve, for a chunk that is in no list and not mapped any more.
static void unreserve(heap_pool_t handle, uint64_t frames, chunk_handle_t chunk) {
  monitor_enter(&state_heap_pools->monitor);
  status_ignore(chunk_pool_give(&state_heap_pools->chunks, chunk), "the place is the caller's");
  // Where the pool was destroyed meanwhile, its account is gone too.
  const pool_record_t *pool = record_pool_get(&state_heap_pools->pools, handle);
  if (pool != NULL) state_set(&pool->frames, pool->frames - frames);
  monitor_exit(&state_heap_pools->monitor);
}

// Adds a chunk, all zero, to the pool and takes its first block.
static memory_result_t adopt_locked(uint64_t number, heap_pool_t handle, uint32_t index,
                                    const chunk_t *chunk) REQUIRES(state_heap_pools->monitor) {
  const pool_record_t *pool = find_pool(handle);
  if (pool == NULL) return (memory_result_t){.status = ERR(STALE)};
  const chunk_t *stored = chunk_at(index);
  state_copy(stored, chunk, sizeof(*chunk));
  bitmap_set_range(block_map_map(&stored->free), 0, chunk->blocks);
  register_chunk(index);
  list_in(pool, index);
  return (memory_result_t){.value = take_block(number, pool, index)};
}

// The same; where the pool was destroyed meanwhile, the chunk goes back to the mapper.
static memory_result_t adopt(uint64_t number, heap_pool_t handle, const retired_t *place,
                             uint64_t bytes) {
  chunk_t chunk = {.memory = place->memory, .pool = handle, .block_bytes = block_bytes_for(bytes)};
  chunk.blocks = (uint32_t)(place->frames * kFrameBytes / chunk.block_bytes);
  monitor_enter(&state_heap_pools->monitor);
  const memory_result_t block = adopt_locked(number, handle, place->handle.index, &chunk);
  monitor_exit(&state_heap_pools->monitor);
  if (!status_is_ok(block.status)) {
    status_ignore(address_space_mapper_unmap(place->owner, place->memory), "the end is reported");
    unreserve(handle, place->frames, place->handle);
  }
  return block;
}

// Maps another chunk and takes its first block.
static memory_result_t allocate_from_mapper(uint64_t number, heap_pool_t handle, uint64_t bytes) {
  retired_t place = {.frames = chunk_frames(bytes)};
  TRY_RESULT(memory_result_t, reserve(handle, place.frames, &place.handle, &place.owner));
  const memory_result_t memory = address_space_mapper_map(place.owner, place.frames);
  if (!status_is_ok(memory.status)) {
    unreserve(handle, place.frames, place.handle);
    return memory;
  }
  place.memory = memory.value;
  return adopt(number, handle, &place, bytes);
}

static memory_result_t allocate_once(uint64_t number, heap_pool_t pool, uint64_t bytes) {
  retired_t kept = {};
  const memory_result_t block = allocate_from_pool(number, pool, bytes, &kept);
  if (status_is(block.status, STATUS_NOT_FOUND)) return allocate_from_mapper(number, pool, bytes);
  if (kept.handle.generation == 0) return block;
  // Fresh memory is all zero; this was used.
  __builtin_memset(kept.memory, 0, kept.frames * kFrameBytes);
  return adopt(number, pool, &kept, bytes);
}

// Gives a retired chunk back to the mapper. Where that fails, a part of it may be gone: it goes
// back to its pool, but none of its blocks is free ever again.
static status_t unmap_chunk(heap_pool_t handle, const retired_t *retired) {
  const status_t status = address_space_mapper_unmap(retired->owner, retired->memory);
  if (status_is_ok(status)) {
    unreserve(handle, retired->frames, retired->handle);
    return OK;
  }
  const uint32_t index = retired->handle.index;
  monitor_enter(&state_heap_pools->monitor);
  const pool_record_t *pool = record_pool_get(&state_heap_pools->pools, handle);
  if (pool != NULL) {
    state_clear(&chunk_at(index)->free, sizeof(block_map_t));
    register_chunk(index);
    list_in(pool, index);
  }
  monitor_exit(&state_heap_pools->monitor);
  return status;
}

// Takes one empty chunk out of a pool that has more than `keep` of its size. An empty chunk of each
// size stays with the pool, so that taking and giving blocks does not map and unmap each time.
static retired_t retire_spare(const pool_record_t *pool, uint32_t keep)
    REQUIRES(state_heap_pools->monitor) {
  for (uint32_t size = 0; size <= kLarge; size++) {
    const list_head_t *head = &pool->partial[size];
    // Of the large ones, all of which are empty, the newest stays.
    const uint32_t index = size == kLarge ? list_first(head) : list_last(head);
    if (pool->empty[size] > keep) return retire(pool, index);
  }
  return (retired_t){};
}

// Has a pool give up what it only keeps: groups in caches, and empty chunks. False: it kept
// nothing.
static bool release_spares(heap_pool_t handle) {
  bool released = false;
  for (;;) {
    retired_t retired = {};
    monitor_enter(&state_heap_pools->monitor);
    const pool_record_t *pool = find_pool(handle);
    if (pool != NULL) {
      released |= recall_pool(handle);
      retired = retire_spare(pool, 0);
    }
    monitor_exit(&state_heap_pools->monitor);
    if (retired.handle.generation == 0) return released;
    if (!status_is_ok(unmap_chunk(handle, &retired))) return released;
    released = true;
  }
}

// The pool in a place, if one is there.
static bool pool_in_place(uint64_t index, heap_pool_t *handle) {
  monitor_enter(&state_heap_pools->monitor);
  const bool taken = record_pool_taken(&state_heap_pools->pools, index, handle);
  monitor_exit(&state_heap_pools->monitor);
  return taken;
}

static bool release_all_spares(void) {
  bool released = false;
  for (uint64_t index = 0; index < kPools; index++) {
    heap_pool_t handle = {};
    if (pool_in_place(index, &handle)) released |= release_spares(handle);
  }
  return released;
}

// Whether the pool's limit admits so many more frames.
static bool is_within_limit(heap_pool_t handle, uint64_t frames) {
  monitor_enter(&state_heap_pools->monitor);
  const pool_record_t *pool = find_pool(handle);
  const bool within = pool != NULL && frames <= pool->frames_limit - pool->frames;
  monitor_exit(&state_heap_pools->monitor);
  return within;
}

// What pools only keep counts as free. Another pool is asked only where the limit of this one is
// not what is in the way.
__attribute__((noinline)) static memory_result_t allocate_slowly(uint64_t number, heap_pool_t pool,
                                                                 uint64_t bytes) {
  memory_result_t block = allocate_once(number, pool, bytes);
  if (!status_is(block.status, STATUS_NO_MEMORY)) return block;
  if (release_spares(pool)) block = allocate_once(number, pool, bytes);
  if (!status_is(block.status, STATUS_NO_MEMORY)) return block;
  if (!is_within_limit(pool, chunk_frames(bytes)) || !release_all_spares()) return block;
  return allocate_once(number, pool, bytes);
}

memory_result_t heap_allocate(heap_pool_t pool, uint64_t bytes) {
  if (bytes == 0) return (memory_result_t){.status = ERR(INVALID_ARGUMENT)};
  const uint64_t number = own_cache();
  const uint32_t size = size_of(bytes);
  if (size == kLarge) return allocate_slowly(number, pool, bytes);
  const memory_result_t block = take_from_cache(cache_at(number), pool, size);
  return status_is_ok(block.status) ? block : allocate_slowly(number, pool, bytes);
}

// Marks a block as free that is in no cache.
static status_t return_block(const pool_record_t *pool, uint32_t index, uint64_t block)
    REQUIRES(state_heap_pools->monitor) {
  const chunk_t *chunk = chunk_at(index);
  const bitmap_t map = block_map_map(&chunk->free);
  if (chunk->used == 0 || bitmap_test(map, block)) return ERR(INVALID_ARGUMENT);
  list_out(pool, index);
  const uint64_t group = block / kGroupBlocks;
  const uint64_t bit = UINT64_C(1) << (block % kGroupBlocks);
  bitmap_store(map, group, bitmap_word(map, group) | bit);
  state_set(&chunk->used, chunk->used - 1);
  list_in(pool, index);
  state_set(&pool->blocks, pool->blocks - 1);
  state_set(&pool->used_bytes, pool->used_bytes - chunk->block_bytes);
  return OK;
}

static status_t free_locked(heap_pool_t handle, uint64_t address, retired_t *retired)
    REQUIRES(state_heap_pools->monitor) {
  const pool_record_t *pool = find_pool(handle);
  if (pool == NULL) return ERR(STALE);
  const uint32_t index = find_chunk(address);
  if (index == kListNone) return ERR(INVALID_ARGUMENT);
  const chunk_t *chunk = chunk_at(index);
  const uint64_t offset = address - (uint64_t)(uintptr_t)chunk->memory;
  if (!is_same_pool(chunk->pool, handle) || offset % chunk->block_bytes != 0) {
    return ERR(INVALID_ARGUMENT);
  }
  const uint64_t block = offset / chunk->block_bytes;
  const uint8_t holder = chunk->holders[block / kGroupBlocks];
  if (holder != 0) {
    const bool returned = return_to_cache(cache_at(holder - 1), handle, address);
    return returned ? OK : ERR(INVALID_ARGUMENT);
  }
  TRY(return_block(pool, index, block));
  *retired = is_empty(chunk) && frames_of(chunk) > kSpareFrames ? retire(pool, index)
                                                                : retire_spare(pool, 1);
  return OK;
}

__attribute__((noinline)) static status_t free_slowly(heap_pool_t handle, uint64_t address) {
  retired_t retired = {};
  monitor_enter(&state_heap_pools->monitor);
  const status_t status = free_locked(handle, address, &retired);
  monitor_exit(&state_heap_pools->monitor);
  if (retired.handle.generation != 0) {
    status_ignore(unmap_chunk(handle, &retired), "the pool keeps the chunk until it is destroyed");
  }
  return status;
}

status_t heap_free(heap_pool_t pool, void *memory) {
  const uint64_t address = (uint64_t)(uintptr_t)memory;
  if (return_to_cache(cache_at(own_cache()), pool, address)) return OK;
  return free_slowly(pool, address);
}

// Takes any chunk out of a pool that is being destroyed. Without one, frees the pool.
static status_t retire_next(heap_pool_t handle, retired_t *retired)
    REQUIRES(state_heap_pools->monitor) {
  const pool_record_t *pool = record_pool_get(&state_heap_pools->pools, handle);
  if (pool == NULL) return ERR(STALE);
  // From now on nothing is lent, so the caches give back once only.
  if (pool->dying == 0) recall_pool(handle);
  state_set(&pool->dying, 1);
  uint32_t index = list_first(&pool->others);
  for (uint32_t size = 0; size <= kLarge && index == kListNone; size++) {
    index = list_first(&pool->partial[size]);
  }
  if (index == kListNone) return record_pool_give(&state_heap_pools->pools, handle);
  *retired = retire(pool, index);
  return OK;
}

status_t heap_pool_destroy(heap_pool_t pool) {
  for (;;) {
    retired_t retired = {};
    monitor_enter(&state_heap_pools->monitor);
    const status_t status = retire_next(pool, &retired);
    monitor_exit(&state_heap_pools->monitor);
    if (!status_is_ok(status) || retired.handle.generation == 0) return status;
    TRY(unmap_chunk(pool, &retired));
  }
}

u64_result_t heap_used_bytes(heap_pool_t handle) {
  u64_result_t result = {.status = ERR(STALE)};
  monitor_enter(&state_heap_pools->monitor);
  const pool_record_t *pool = find_pool(handle);
  if (pool != NULL) result = (u64_result_t){.value = count_used(handle, pool).bytes};
  monitor_exit(&state_heap_pools->monitor);
  return result;
}

status_t heap_describe(uint64_t index, heap_pool_info_t *info) {
  if (index >= kPools) return ERR(END);
  heap_pool_t handle = {};
  heap_pool_info_t found = {};
  monitor_enter(&state_heap_pools->monitor);
  const bool taken = record_pool_taken(&state_heap_pools->pools, index, &handle);
  if (taken) {
    const pool_record_t *pool = &state_heap_pools->pools.items[handle.index];
    const block_sum_t used = count_used(handle, pool);
    found = (heap_pool_info_t){pool->owner, (uint32_t)used.blocks, used.bytes, pool->frames,
                               pool->frames_limit};
  }
  monitor_exit(&state_heap_pools->monitor);
  if (!taken) return ERR(NOT_FOUND);
  *info = found;
  return OK;
}

status_t heap_initialize(void) {
  // Pools belong to others, so they outlive every instance, an unload included.
  return blob_retain(TEXT("heap_pools"));
}
