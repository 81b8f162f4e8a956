// SPDX-License-Identifier: MIT
/// @file
/// Runs of pages for nano_core's own use: code and constants of instances, stacks, blobs, tables.
#pragma once
#include "nano_core/core/core.h"

enum mapping_area { kAreaInstances, kAreaRecords };

/// Prepares both areas so that later mappings need no page tables.
status_t mapping_prepare_areas(void);

/// All of these: core_lock.

/// Maps `pages` fresh zeroed frames at an address that was not used lately, a guard page on each
/// side.
/// @param attributes  paging.h
/// @errors   NO_MEMORY: no room in the area, or the reserve is short; nothing is mapped then.
status_t mapping_create(enum mapping_area area, uint64_t pages, uint32_t attributes,
                        mapping_t *mapping);

/// Unmaps it, retires its frames (frames_flush puts them into the reserve), and makes `*mapping`
/// empty.
void mapping_destroy(mapping_t *mapping);

/// Where nano_core itself can write the byte at `address` of a mapping, whatever its attributes.
/// The run from there to the end of the page is contiguous.
void *mapping_alias(vaddr_t address);

/// Maps the same frames with other attributes.
/// @errors   NO_MEMORY: never in an area whose tables are pinned.
status_t mapping_protect(const mapping_t *mapping, uint32_t attributes);

static inline uint64_t pages_for(uint64_t bytes) { return (bytes + kFrameBytes - 1) / kFrameBytes; }
