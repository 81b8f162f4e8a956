// SPDX-License-Identifier: MIT
#include "cells/heap/heap.h"

#include "cells/address_space_mapper/address_space_mapper.h"
#include "patterns/bitmap.h"
#include "patterns/list.h"
#include "patterns/pool.h"

// A chunk is mapped memory of one pool, cut into blocks of one size. Small blocks have the sizes
// 16 << 0 .. 16 << (kSizes - 1); a larger one has a chunk to itself.
enum {
  kPools = 64,
  kChunks = 1024,
  kSizes = 8,
  kSmallest = 16,
  kLargestSmall = kSmallest << (kSizes - 1),
  kChunkBlocks = 256,
  kChunkFrames = 4,  // of a chunk of small blocks, fewer for the smallest sizes
};

BITMAP_DEFINE(block_map, kChunkBlocks);

typedef struct chunk {
  void *memory;
  uint64_t block_bytes;
  uint32_t blocks;
  uint32_t used;
  block_map_t free;
} chunk_t;

typedef struct chunk_handle {
  uint32_t index;
  uint32_t generation;
} chunk_handle_t;

// A chunk is in one list of its pool: by size where it has a free block, else among the others.
// While it is being mapped or unmapped, outside of the monitor, it is in none.
typedef struct pool_record {
  owner_t owner;
  uint32_t dying;   // 1: being destroyed
  uint32_t blocks;  // handed out
  uint64_t used_bytes;
  uint64_t frames;  // mapped, or about to be
  uint64_t frames_limit;
  list_head_t partial[kSizes];
  list_head_t others;
} pool_record_t;

POOL_DEFINE(chunk_pool, chunk_handle_t, chunk_t, kChunks);
POOL_DEFINE(record_pool, heap_pool_t, pool_record_t, kPools);

typedef struct heap_state {
  monitor_t monitor;
  record_pool_t pools;
  chunk_pool_t chunks;
  list_link_t links[kChunks];
} heap_state_t;

STATE(heap_state_t, heap_pools);

static list_links_t links(void) { return LIST_LINKS(state_heap_pools->links); }

static const chunk_t *chunk_at(uint32_t index) REQUIRES(state_heap_pools->monitor) {
  return &state_heap_pools->chunks.items[index];
}

// The pool, or a null pointer where the handle is stale or the pool is being destroyed.
static const pool_record_t *find_pool(heap_pool_t pool) REQUIRES(state_heap_pools->monitor) {
  const pool_record_t *record = record_pool_get(&state_heap_pools->pools, pool);
  return record != NULL && record->dying == 0 ? record : NULL;
}

// The number of the size that fits, kSizes for a block with a chunk of its own.
static uint32_t size_of(uint64_t bytes) {
  uint32_t size = 0;
  while (size < kSizes && bytes > (uint64_t)kSmallest << size) size++;
  return size;
}

static uint64_t chunk_frames(uint64_t bytes) {
  const uint32_t size = size_of(bytes);
  if (size == kSizes) return (bytes - 1) / kFrameBytes + 1;
  const uint64_t frames = ((uint64_t)kSmallest << size) * kChunkBlocks / kFrameBytes;
  return frames < kChunkFrames ? frames : kChunkFrames;
}

static uint64_t frames_of(const chunk_t *chunk) {
  return chunk->block_bytes * chunk->blocks / kFrameBytes;
}

static bool is_large(const chunk_t *chunk) { return chunk->block_bytes > kLargestSmall; }

// The list that the chunk belongs into.
static const list_head_t *list_for(const pool_record_t *pool, const chunk_t *chunk) {
  if (is_large(chunk) || chunk->used == chunk->blocks) return &pool->others;
  return &pool->partial[size_of(chunk->block_bytes)];
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

// Takes a block of a chunk that has one.
static memory_result_t take_block(const pool_record_t *pool, uint32_t index)
    REQUIRES(state_heap_pools->monitor) {
  const chunk_t *chunk = chunk_at(index);
  const uint64_t block = bitmap_find(block_map_map(&chunk->free), 0, chunk->blocks);
  if (block == chunk->blocks) return (memory_result_t){.status = ERR(INTERNAL)};
  list_remove(links(), list_for(pool, chunk), index);
  bitmap_clear_range(block_map_map(&chunk->free), block, 1);
  state_set(&chunk->used, chunk->used + 1);
  list_push_front(links(), list_for(pool, chunk), index);
  state_set(&pool->blocks, pool->blocks + 1);
  state_set(&pool->used_bytes, pool->used_bytes + chunk->block_bytes);
  const byte_span_t memory = {chunk->memory, chunk->block_bytes * chunk->blocks};
  return (memory_result_t){.value = byte_span_at(memory, block * chunk->block_bytes)};
}

// A block out of the chunks that the pool has. NOT_FOUND: it needs another one.
static memory_result_t allocate_from_pool(heap_pool_t handle, uint64_t bytes) {
  const uint32_t size = size_of(bytes);
  memory_result_t result = {.status = ERR(STALE)};
  monitor_enter(&state_heap_pools->monitor);
  const pool_record_t *pool = find_pool(handle);
  if (pool != NULL) {
    const uint32_t index = size < kSizes ? list_first(&pool->partial[size]) : kListNone;
    result.status = ERR(NOT_FOUND);
    if (index != kListNone) result = take_block(pool, index);
    // It may have been used. Once the monitor is left the pool may be destroyed, and the memory be
    // another one's.
    if (status_is_ok(result.status)) __builtin_memset(result.value, 0, kSmallest << size);
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

// Adds a chunk of fresh memory to the pool and takes its first block.
static memory_result_t adopt(heap_pool_t handle, chunk_handle_t place, void *memory,
                             uint64_t bytes) {
  const uint32_t size = size_of(bytes);
  const uint64_t all = chunk_frames(bytes) * kFrameBytes;
  chunk_t chunk = {.memory = memory};
  chunk.block_bytes = size < kSizes ? (uint64_t)kSmallest << size : all;
  chunk.blocks = (uint32_t)(all / chunk.block_bytes);
  memory_result_t result = {.status = ERR(STALE)};
  monitor_enter(&state_heap_pools->monitor);
  const pool_record_t *pool = find_pool(handle);
  if (pool != NULL) {
    const chunk_t *stored = chunk_at(place.index);
    state_copy(stored, &chunk, sizeof(chunk));
    bitmap_set_range(block_map_map(&stored->free), 0, chunk.blocks);
    list_push_front(links(), list_for(pool, stored), place.index);
    result = take_block(pool, place.index);
  }
  monitor_exit(&state_heap_pools->monitor);
  return result;
}

// Maps another chunk and takes its first block.
static memory_result_t allocate_from_mapper(heap_pool_t handle, uint64_t bytes) {
  const uint64_t frames = chunk_frames(bytes);
  chunk_handle_t chunk = {};
  owner_t owner = {};
  TRY_RESULT(memory_result_t, reserve(handle, frames, &chunk, &owner));
  const memory_result_t memory = address_space_mapper_map(owner, frames);
  if (!status_is_ok(memory.status)) {
    unreserve(handle, frames, chunk);
    return memory;
  }
  const memory_result_t block = adopt(handle, chunk, memory.value, bytes);
  if (!status_is_ok(block.status)) {
    status_ignore(address_space_mapper_unmap(owner, memory.value), "the pool's end is reported");
    unreserve(handle, frames, chunk);
  }
  return block;
}

memory_result_t heap_allocate(heap_pool_t pool, uint64_t bytes) {
  if (bytes == 0) return (memory_result_t){.status = ERR(INVALID_ARGUMENT)};
  const memory_result_t block = allocate_from_pool(pool, bytes);
  // Fresh memory is all zero.
  if (status_is(block.status, STATUS_NOT_FOUND)) return allocate_from_mapper(pool, bytes);
  return block;
}

// The chunk of a list in which `address` lies, or kListNone.
static uint32_t find_in_list(const list_head_t *head, uint64_t address)
    REQUIRES(state_heap_pools->monitor) {
  uint32_t index = list_first(head);
  while (index != kListNone) {
    const chunk_t *chunk = chunk_at(index);
    const uint64_t offset = address - (uint64_t)(uintptr_t)chunk->memory;
    if (offset < chunk->block_bytes * chunk->blocks) break;
    index = list_next(links(), index);
  }
  return index;
}

static uint32_t find_chunk(const pool_record_t *pool, uint64_t address)
    REQUIRES(state_heap_pools->monitor) {
  uint32_t index = find_in_list(&pool->others, address);
  for (uint32_t size = 0; size < kSizes && index == kListNone; size++) {
    index = find_in_list(&pool->partial[size], address);
  }
  return index;
}

// Marks a block as free. *index is its chunk.
static status_t return_block(const pool_record_t *pool, uint64_t address, uint32_t *index)
    REQUIRES(state_heap_pools->monitor) {
  *index = find_chunk(pool, address);
  if (*index == kListNone) return ERR(INVALID_ARGUMENT);
  const chunk_t *chunk = chunk_at(*index);
  const uint64_t offset = address - (uint64_t)(uintptr_t)chunk->memory;
  const uint64_t block = offset / chunk->block_bytes;
  if (offset % chunk->block_bytes != 0) return ERR(INVALID_ARGUMENT);
  if (bitmap_test(block_map_map(&chunk->free), block)) return ERR(INVALID_ARGUMENT);
  list_remove(links(), list_for(pool, chunk), *index);
  bitmap_set_range(block_map_map(&chunk->free), block, 1);
  state_set(&chunk->used, chunk->used - 1);
  list_push_front(links(), list_for(pool, chunk), *index);
  state_set(&pool->blocks, pool->blocks - 1);
  state_set(&pool->used_bytes, pool->used_bytes - chunk->block_bytes);
  return OK;
}

// Whether a chunk should go back to the mapper: one empty chunk of each small size stays, so that
// taking and giving one block does not map and unmap each time.
static bool is_spare(const pool_record_t *pool, const chunk_t *chunk) {
  if (chunk->used != 0) return false;
  return is_large(chunk) || list_for(pool, chunk)->count > 1;
}

// What is needed to give a chunk back to the mapper.
typedef struct retired {
  chunk_handle_t handle;  // none: nothing to give back
  owner_t owner;
  void *memory;
  uint64_t frames;
} retired_t;

// Takes a chunk out of its list.
static retired_t retire(const pool_record_t *pool, uint32_t index)
    REQUIRES(state_heap_pools->monitor) {
  const chunk_t *chunk = chunk_at(index);
  retired_t retired = {{}, pool->owner, chunk->memory, frames_of(chunk)};
  list_remove(links(), list_for(pool, chunk), index);
  if (!chunk_pool_taken(&state_heap_pools->chunks, index, &retired.handle)) TRAP();
  return retired;
}

// Gives a retired chunk back to the mapper; where that fails, it goes back to its pool.
static status_t unmap_chunk(heap_pool_t handle, const retired_t *retired) {
  const status_t status = address_space_mapper_unmap(retired->owner, retired->memory);
  if (status_is_ok(status)) {
    unreserve(handle, retired->frames, retired->handle);
    return OK;
  }
  monitor_enter(&state_heap_pools->monitor);
  const pool_record_t *pool = record_pool_get(&state_heap_pools->pools, handle);
  if (pool != NULL) {
    const chunk_t *chunk = chunk_at(retired->handle.index);
    list_push_front(links(), list_for(pool, chunk), retired->handle.index);
  }
  monitor_exit(&state_heap_pools->monitor);
  return status;
}

status_t heap_free(heap_pool_t handle, void *memory) {
  retired_t retired = {};
  status_t status = ERR(STALE);
  monitor_enter(&state_heap_pools->monitor);
  const pool_record_t *pool = find_pool(handle);
  if (pool != NULL) {
    uint32_t index = kListNone;
    status = return_block(pool, (uint64_t)(uintptr_t)memory, &index);
    if (status_is_ok(status) && is_spare(pool, chunk_at(index))) retired = retire(pool, index);
  }
  monitor_exit(&state_heap_pools->monitor);
  if (retired.handle.generation != 0) {
    status_ignore(unmap_chunk(handle, &retired), "the pool keeps the chunk until it is destroyed");
  }
  return status;
}

// Takes any chunk out of a pool that is being destroyed. Without one, frees the pool.
static status_t retire_next(heap_pool_t handle, retired_t *retired)
    REQUIRES(state_heap_pools->monitor) {
  const pool_record_t *pool = record_pool_get(&state_heap_pools->pools, handle);
  if (pool == NULL) return ERR(STALE);
  state_set(&pool->dying, 1);
  uint32_t index = list_first(&pool->others);
  for (uint32_t size = 0; size < kSizes && index == kListNone; size++) {
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
  if (pool != NULL) result = (u64_result_t){.value = pool->used_bytes};
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
    found = (heap_pool_info_t){pool->owner, pool->blocks, pool->used_bytes, pool->frames,
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
