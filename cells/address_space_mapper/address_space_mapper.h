// SPDX-License-Identifier: MIT
/// @file
/// Hands out mapped memory: parts of the mapper's area of the address space, backed by fresh frames
/// or by a device. Behind each part lies an unmapped guard page.
/// @spill   none in the cell; the parts are in the blob `address_space_mapper_areas`.
#pragma once
#include "nano_core/api/cell.h"
#include "nano_core/api/memory.h"
EXTERN_C_BEGIN

/// One part of the area.
typedef struct mapped_area {
  owner_t owner;
  uint32_t device;  // 1: device registers, not memory
  vaddr_t start;
  uint64_t pages;  // without the guard page
} mapped_area_t;

/// Maps fresh memory, all zero, writable, never executable.
/// @param owner   who the frames are accounted to
/// @param frames  1 or more
/// @returns  the first byte, on a page boundary, OWNED
/// @errors   INVALID_ARGUMENT: `frames` is 0. NO_MEMORY: frames, places or page tables are
///           exhausted. UNAVAILABLE: no frame allocator. Nothing is kept.
/// @context  steps; never waits; O(frames)
CELL_EXPORT memory_result_t address_space_mapper_map(owner_t owner, uint64_t frames);

/// Unmaps what map or map_device returned, and gives its frames back.
/// @param memory  exactly as it was returned
/// @errors   INVALID_ARGUMENT: no part begins there. DENIED: it belongs to somebody else. Another:
///           the frame allocator refused; call again to go on.
/// @context  steps; never waits; O(frames)
CELL_EXPORT status_t address_space_mapper_unmap(owner_t owner, TAKES void *memory);

/// Maps device registers, uncached, writable.
/// @param start  physical, on a page boundary
/// @param bytes  1 or more; whole pages are mapped
/// @returns  the first register, OWNED
/// @errors   INVALID_ARGUMENT: as said. NO_MEMORY: places or page tables are exhausted.
/// @context  steps; never waits
CELL_EXPORT memory_result_t address_space_mapper_map_device(owner_t owner, paddr_t start,
                                                            uint64_t bytes);

/// The part in place `index` (0, 1, ...).
/// @errors   NOT_FOUND: the place is empty. END: past the last.
CELL_EXPORT status_t address_space_mapper_describe(uint64_t index, OUT mapped_area_t *area);

/// Called by nano_core when the interface is first needed.
/// @errors   NOT_FOUND: the blob is not there.
CELL_EXPORT status_t address_space_mapper_initialize(void);

EXTERN_C_END
