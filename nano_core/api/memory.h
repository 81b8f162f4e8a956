// SPDX-License-Identifier: MIT
/// @file
/// What nano_core offers to the cells that make memory policy: the frames that it does not need
/// itself, and edits of the page tables. Served by nano_core.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/ownership.h"
#include "nano_core/api/span.h"
#include "nano_core/api/units.h"
EXTERN_C_BEGIN

RESULT_DEFINE(memory_result_t, void *);

/// Who memory belongs to: an interface, which keeps the number over swaps. 0 is nano_core.
typedef struct owner {
  uint32_t number;
} owner_t;

RESULT_DEFINE(owner_result_t, owner_t);

enum page_flags { kPageWritable = 1, kPageUncached = 2 };

/// Frames [start, start + count).
typedef struct frame_range {
  paddr_t start;
  uint64_t count;  // frames
} frame_range_t;

/// The owner number of the calling cell.
CELL_EXPORT owner_result_t owner_self(void);

/// Copies the name that stands behind an owner number.
/// @errors   NOT_FOUND
CELL_EXPORT status_t owner_name(owner_t owner, LENT text_buffer_t name);

/// Hands over the usable memory that nano_core has not taken, one region a call. For the frame
/// allocator, once per boot.
/// @errors   END: no more regions.
CELL_EXPORT status_t memory_donate(OUT frame_range_t *region);

/// Makes nano_core a joint owner of the blob `name`, so that it outlives the last instance that is
/// bound to it. For state that describes what others hold.
/// @errors   NOT_FOUND
CELL_EXPORT status_t blob_retain(text_t name);

/// The number of frames that nano_core holds in its reserve and in its own structures.
CELL_EXPORT u64_result_t memory_reserve_frames(void);
CELL_EXPORT u64_result_t memory_core_frames(void);

/// Maps one page of the mapper's area, [kMapperBase, kMapperBase + kMapperBytes), never executable.
/// Page tables come from nano_core's reserve.
/// @param flags  enum page_flags
/// @returns      the page's address as a pointer
/// @errors   INVALID_ARGUMENT: outside of the area, not on a page, or beyond what the processor can
///           address. ALREADY_EXISTS. NO_MEMORY.
CELL_EXPORT memory_result_t memory_map_page(vaddr_t page, paddr_t frame, uint64_t flags);

enum { kUnmapPages = 32 };

/// Frames that were mapped at consecutive pages.
typedef struct unmapped_frames {
  uint64_t count;
  paddr_t frames[kUnmapPages];  // frame 0: nothing was mapped at that page
} unmapped_frames_t;

/// Removes up to kUnmapPages consecutive mappings of the mapper's area. When it returns, no
/// processor can reach them any more.
/// @param count  1 to kUnmapPages
/// @errors   INVALID_ARGUMENT
/// @context  steps, in no monitor: it waits for the other processors
CELL_EXPORT status_t memory_unmap_pages(vaddr_t first, uint64_t count,
                                        OUT unmapped_frames_t *frames);

/// How many pages anywhere are mapped writable and executable at once: 0 is right.
/// @context  O(page tables)
CELL_EXPORT u64_result_t memory_count_violations(void);

/// How many pages of 4 KiB are mapped in [first, first + bytes).
CELL_EXPORT u64_result_t memory_count_mapped(vaddr_t first, uint64_t bytes);

/// The area that the address-space mapper hands out.
static const uint64_t kMapperBase = UINT64_C(0xffffc00000000000);
static const uint64_t kMapperBytes = UINT64_C(64) << 30;

EXTERN_C_END
