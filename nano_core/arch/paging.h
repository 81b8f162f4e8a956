// SPDX-License-Identifier: MIT
/// @file
/// The address space and the page tables that make it. Stateless: the root table is the one that
/// the processor uses. Callers keep two edits from happening at once.
///
/// | from               | what                                                                  |
/// | ------------------ | --------------------------------------------------------------------- |
/// | 0xffff800000000000 | all memory, and the local APIC's page, at kPhysicalMapBase + physical |
/// | 0xffffc00000000000 | the address-space mapper's area (api/memory.h)                        |
/// | 0xffffd00000000000 | stacks, with guard pages between                                      |
/// | 0xffffffff80000000 | nano_core's image, at kImageBase + physical                           |
/// | 0xffffffffa0000000 | instances of cells, to 0xffffffffe0000000                             |
#pragma once
#include "nano_core/api/memory.h"
#include "nano_core/api/units.h"

static const uint64_t kPhysicalMapBase = UINT64_C(0xffff800000000000);
static const uint64_t kPhysicalMapBytes = UINT64_C(1) << 46;
static const uint64_t kStackBase = UINT64_C(0xffffd00000000000);
static const uint64_t kImageBase = UINT64_C(0xffffffff80000000);
static const uint64_t kInstanceBase = UINT64_C(0xffffffffa0000000);
static const uint64_t kInstanceEnd = UINT64_C(0xffffffffe0000000);

/// With kPageWritable and kPageUncached of api/memory.h: what a page is mapped for. Reading always.
enum page_attributes { kPageExecutable = 4 };

/// Where the physical map shows `address`.
static inline void *physical_pointer(paddr_t address) {
  return (void *)(kPhysicalMapBase + address.bytes);
}

/// Maps one 4 KiB page; takes frames for tables by core_frame_take.
/// @param attributes  kPageWritable, kPageUncached, kPageExecutable
/// @errors  INVALID_ARGUMENT: unaligned, not canonical, unknown attribute, or writable and
///          executable at once. ALREADY_EXISTS. NO_MEMORY. The tables are as before.
status_t paging_map(vaddr_t page, paddr_t frame, uint32_t attributes);

/// Removes one 4 KiB page, flushes it from this processor, and gives tables that have become empty
/// back by core_frame_retire: other processors may use them, and the page, until they are told.
/// @param frame  what was mapped
/// @errors  INVALID_ARGUMENT: as paging_map. NOT_FOUND: no page of 4 KiB is there.
status_t paging_unmap(vaddr_t page, OUT paddr_t *frame);

/// Looks up the frame and the attributes of the page, of any size, around `address`.
/// @param frame  the 4 KiB frame that `address` lies in
/// @errors  INVALID_ARGUMENT: not canonical. NOT_FOUND: nothing is mapped there.
status_t paging_lookup(vaddr_t address, OUT paddr_t *frame, OUT uint32_t *attributes);

/// How many pages of 4 KiB are mapped in [first, first + bytes); a larger page counts for each.
uint64_t paging_count(vaddr_t first, uint64_t bytes);

/// How many pages, of any size and anywhere, are writable and executable at once: 0 is right.
uint64_t paging_find_violations(void);

/// How many pages outside of the physical map show a frame of [first, first + count frames).
uint64_t paging_count_frame(paddr_t first, uint64_t count);

/// Takes a frame for a page table; need not be zero. Defined by the owner of nano_core's reserve.
/// @errors  NO_MEMORY
paddr_result_t core_frame_take(void);

/// Takes the frame of a page table, or of a page, back, for use after the next flush of all
/// processors. Tables that boot/ made come this way too.
void core_frame_retire(paddr_t frame);
