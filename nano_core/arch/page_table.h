// SPDX-License-Identifier: MIT
/// @file
/// The hardware's page-table entries. Level 1 is the table of 4 KiB pages, level 4 the root.
#pragma once
#include "nano_core/arch/paging.h"

enum { kTableEntries = 512, kTableRoot = 4 };

static const uint64_t kEntryPresent = UINT64_C(1) << 0;
static const uint64_t kEntryWritable = UINT64_C(1) << 1;
static const uint64_t kEntryUncached = UINT64_C(3) << 3;  // PCD and PWT: index 3 of the reset PAT
static const uint64_t kEntryLarge = UINT64_C(1) << 7;     // in levels 2 and 3: a page, no table
static const uint64_t kEntryNoExecute = UINT64_C(1) << 63;
static const uint64_t kEntryAddress = UINT64_C(0x000ffffffffff000);

typedef struct page_table {
  uint64_t entries[kTableEntries];
} page_table_t;

static_assert(sizeof(page_table_t) == kFrameBytes, "a table is one frame");

/// How much one entry of a table of `level` covers, in bytes.
static inline uint64_t entry_bytes(uint32_t level) { return UINT64_C(1) << (3 + 9 * level); }

/// The entry of a table of `level` that `address` leads through.
static inline uint64_t *entry_at(page_table_t *table, uint32_t level, uint64_t address) {
  return &table->entries[address >> (3 + 9 * level) & (kTableEntries - 1)];
}

static inline bool entry_is_page(uint64_t entry, uint32_t level) {
  return level == 1 || (entry & kEntryLarge);
}

/// The table that an entry, or CR3, names.
static inline page_table_t *entry_table(uint64_t entry) {
  return physical_pointer((paddr_t){entry & kEntryAddress});
}

/// The entry of a table at `frame`: rights are told by the pages alone.
static inline uint64_t entry_of_table(paddr_t frame) {
  return frame.bytes | kEntryPresent | kEntryWritable;
}

/// The entry of a page of 4 KiB.
/// @param attributes  as for paging_map
static inline uint64_t entry_of_page(paddr_t frame, uint32_t attributes) {
  return frame.bytes | kEntryPresent | (attributes & kPageWritable ? kEntryWritable : 0) |
         (attributes & kPageUncached ? kEntryUncached : 0) |
         (attributes & kPageExecutable ? 0 : kEntryNoExecute);
}
