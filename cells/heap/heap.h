// SPDX-License-Identifier: MIT
/// @file
/// Memory by the byte, from pools that each belong to somebody: what a pool holds is accounted to
/// its owner, bounded by its limit, and gone when it is destroyed.
/// @spill   none in the cell; pools, chunks and the caches of the processors are in the blob
///          `heap_pools`. Nothing is stored beside the memory that is handed out, so a client that
///          overruns its block damages no book-keeping.
#pragma once
#include "nano_core/api/cell.h"
#include "nano_core/api/memory.h"
EXTERN_C_BEGIN

/// Index and generation of a pool; {0, 0} names nothing.
typedef struct heap_pool {
  uint32_t index;
  uint32_t generation;
} heap_pool_t;

RESULT_DEFINE(heap_pool_result_t, heap_pool_t);

typedef struct heap_pool_info {
  owner_t owner;
  uint32_t blocks;        // handed out
  uint64_t used_bytes;    // asked for, rounded up to the size of the blocks
  uint64_t frames;        // mapped for the pool, those that it only keeps included
  uint64_t frames_limit;  // that it may map
} heap_pool_info_t;

/// Makes an empty pool.
/// @param owner         who its memory is accounted to
/// @param frames_limit  frames that it may take, 1 or more
/// @returns  the pool, OWNED
/// @errors   INVALID_ARGUMENT: the limit is 0. NO_MEMORY: there are 64 pools already.
/// @context  steps; never waits
CELL_EXPORT heap_pool_result_t heap_pool_create(owner_t owner, uint64_t frames_limit);

/// Frees everything in a pool, and the pool.
/// @errors   STALE. Another: the mapper refused; the pool takes no more allocations, call again.
/// @context  steps; never waits; O(chunks of the pool)
CELL_EXPORT status_t heap_pool_destroy(heap_pool_t pool);

/// Allocates a block, all zero, aligned to 16 bytes (from a page on: to a page).
/// @param bytes  1 or more; rounded up to a power of two, above 2048 to whole pages
/// @returns  the block, OWNED
/// @errors   INVALID_ARGUMENT: `bytes` is 0. STALE: the pool. NO_MEMORY: the pool's limit, frames
///           or chunks are exhausted, and pools keep nothing that would help. UNAVAILABLE: no
///           mapper. No block is handed out.
/// @context  steps, on any processor; a small block: O(1) as a rule. Where memory must be unmapped
///           to make room, it waits for the other processors.
CELL_EXPORT memory_result_t heap_allocate(heap_pool_t pool, uint64_t bytes);

/// Frees a block.
/// @param memory  exactly as heap_allocate returned it
/// @errors   INVALID_ARGUMENT: no block of this pool begins there, or it is free already. STALE:
///           the pool. Nothing is changed.
/// @context  steps, on any processor; O(1). Where memory is unmapped, it waits for the other
///           processors.
CELL_EXPORT status_t heap_free(heap_pool_t pool, TAKES void *memory);

/// The bytes that are handed out from a pool, block sizes summed up. Exact at one moment during the
/// call.
/// @errors   STALE
CELL_EXPORT u64_result_t heap_used_bytes(heap_pool_t pool);

/// The pool in place `index` (0, 1, ...).
/// @errors   NOT_FOUND: the place is empty. END: past the last.
CELL_EXPORT status_t heap_describe(uint64_t index, OUT heap_pool_info_t *info);

/// Called by nano_core when the interface is first needed.
/// @errors   NOT_FOUND: the blob is not there.
CELL_EXPORT status_t heap_initialize(void);

EXTERN_C_END
