// SPDX-License-Identifier: MIT
/// @file
/// Hands out runs of physical 4 KiB frames and keeps account of whom they belong to.
/// @spill   none in the cell; the map of frames and the caches of the processors are the blob
///          `frame_allocator_pool`, which every version of this cell works on.
#pragma once
#include "nano_core/api/cell.h"
#include "nano_core/api/memory.h"
EXTERN_C_BEGIN

/// How many frames one owner holds.
typedef struct frame_usage {
  owner_t owner;
  uint64_t frames;
} frame_usage_t;

/// Takes over the memory that nano_core donates. Called by nano_core, once per boot.
/// @errors   those of memory_donate. Regions beyond 16 GiB, or past the 32nd, are left alone.
/// @context  steps; O(frames)
CELL_EXPORT status_t frame_allocator_initialize(void);

/// Claims a run of consecutive frames. Their contents are undefined.
/// @param owner  who the frames belong to from now on
/// @param count  frames, 1 or more
/// @returns  the address of the first frame, OWNED
/// @errors   INVALID_ARGUMENT: `count` is 0. NO_MEMORY: no such run, or too many owners. Nothing
///           is changed.
/// @context  steps, on any processor; never waits; one frame: O(1) as a rule, out of a cache that
///           other processors seldom touch
CELL_EXPORT paddr_result_t frame_allocator_allocate(owner_t owner, uint64_t count);

/// Returns frames: a whole run or any part of one.
/// @errors   INVALID_ARGUMENT: `count` is 0, `start` is not on a frame, a frame is not of this
///           machine's memory, or one is free already. DENIED: one belongs to somebody else.
///           Nothing is changed.
/// @context  steps, on any processor; never waits; one frame: O(1) as a rule; else O(count / 64)
CELL_EXPORT status_t frame_allocator_free(owner_t owner, paddr_t start, uint64_t count);

/// The number of frames that nobody holds, of those among them that lie in caches of processors,
/// and of all that were donated. Exact at one moment during the call.
/// @context  steps; never waits; O(processors)
CELL_EXPORT u64_result_t frame_allocator_free_frames(void);
CELL_EXPORT u64_result_t frame_allocator_cached_frames(void);
CELL_EXPORT u64_result_t frame_allocator_total_frames(void);

/// The account in place `index` (0, 1, ...) of the table of owners. Exact at one moment during the
/// call.
/// @errors   NOT_FOUND: the place is empty. END: past the last.
CELL_EXPORT status_t frame_allocator_usage(uint64_t index, OUT frame_usage_t *usage);

EXTERN_C_END
