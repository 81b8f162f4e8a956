// SPDX-License-Identifier: MIT
#include "nano_core/arch/paging.h"

#include "nano_core/arch/cpu.h"
#include "nano_core/arch/page_table.h"

// The entries that lead to an address: entries[level], from the root down to `level`, which is the
// first whose entry is absent or a page.
typedef struct path {
  uint64_t *entries[kTableRoot + 1];
  uint32_t level;
} path_t;

// One page of any size.
typedef struct page {
  uint64_t address;
  uint64_t entry;
  uint64_t bytes;
} page_t;

// A walk over all pages from `next` up, which goes back to the root only to change tables.
typedef struct walk {
  uint64_t next;
  const uint64_t *entry;  // of `next`, in a table of `level`; null: to be found from the root
  uint32_t level;
  bool ended;
} walk_t;

static bool is_canonical(uint64_t address) {
  return address < UINT64_C(1) << 47 || address >= kPhysicalMapBase;
}

static path_t path_to(uint64_t address) {
  path_t path = {.level = kTableRoot};
  page_table_t *table = entry_table(cpu_root_table());
  for (;; path.level--) {
    uint64_t *entry = entry_at(table, path.level, address);
    path.entries[path.level] = entry;
    if (!(*entry & kEntryPresent) || entry_is_page(*entry, path.level)) return path;
    table = entry_table(*entry);
  }
}

static bool is_empty(const page_table_t *table) {
  for (size_t i = 0; i < kTableEntries; i++) {
    if (table->entries[i] != 0) return false;
  }
  return true;
}

// Clears the entry that `path` ends at, and retires each table that is empty then.
static void path_clear(path_t path, uint64_t address) {
  paddr_t empty[kTableRoot];
  size_t count = 0;
  uint32_t level = path.level;
  *path.entries[level] = 0;
  for (; level < kTableRoot; level++) {
    const uint64_t parent = *path.entries[level + 1];
    if (!is_empty(entry_table(parent))) break;
    empty[count++] = (paddr_t){parent & kEntryAddress};
    *path.entries[level + 1] = 0;
  }
  cpu_invalidate_page(address);
  for (size_t i = 0; i < count; i++) core_frame_retire(empty[i]);
}

// Extends `path` by new tables down to level 1.
static status_t path_extend(path_t *path, uint64_t address) {
  const uint32_t found = path->level;
  while (path->level > 1) {
    const paddr_result_t frame = core_frame_take();
    if (!status_is_ok(frame.status)) {
      if (path->level < found) path_clear(*path, address);
      return frame.status;
    }
    page_table_t *table = physical_pointer(frame.value);
    __builtin_memset(table, 0, sizeof(*table));
    *path->entries[path->level] = entry_of_table(frame.value);
    path->level--;
    path->entries[path->level] = entry_at(table, path->level, address);
  }
  return OK;
}

status_t paging_map(vaddr_t page, paddr_t frame, uint32_t attributes) {
  const uint32_t both = kPageWritable | kPageExecutable;
  if (page.bytes % kFrameBytes != 0 || !is_canonical(page.bytes)) return ERR(INVALID_ARGUMENT);
  if (frame.bytes & ~kEntryAddress) return ERR(INVALID_ARGUMENT);
  if (attributes & ~(both | kPageUncached)) return ERR(INVALID_ARGUMENT);
  if ((attributes & both) == both) return ERR(INVALID_ARGUMENT);
  path_t path = path_to(page.bytes);
  if (*path.entries[path.level] & kEntryPresent) return ERR(ALREADY_EXISTS);
  TRY(path_extend(&path, page.bytes));
  *path.entries[1] = entry_of_page(frame, attributes);
  return OK;
}

status_t paging_unmap(vaddr_t page, paddr_t *frame) {
  if (page.bytes % kFrameBytes != 0 || !is_canonical(page.bytes)) return ERR(INVALID_ARGUMENT);
  const path_t path = path_to(page.bytes);
  const uint64_t entry = *path.entries[path.level];
  if (path.level != 1 || !(entry & kEntryPresent)) return ERR(NOT_FOUND);
  path_clear(path, page.bytes);
  *frame = (paddr_t){entry & kEntryAddress};
  return OK;
}

// The first byte of the page: a large page's entry has attribute bits below its address.
static uint64_t page_start(page_t page) { return page.entry & kEntryAddress & ~(page.bytes - 1); }

status_t paging_lookup(vaddr_t address, paddr_t *frame, uint32_t *attributes) {
  if (!is_canonical(address.bytes)) return ERR(INVALID_ARGUMENT);
  const path_t path = path_to(address.bytes);
  const page_t page = {
      .entry = *path.entries[path.level],
      .bytes = entry_bytes(path.level),
  };
  if (!(page.entry & kEntryPresent)) return ERR(NOT_FOUND);
  const uint64_t offset = address.bytes & (page.bytes - 1) & ~(uint64_t)(kFrameBytes - 1);
  *frame = (paddr_t){page_start(page) + offset};
  *attributes = (page.entry & kEntryWritable ? (uint32_t)kPageWritable : 0) |
                (page.entry & kEntryUncached ? (uint32_t)kPageUncached : 0) |
                (page.entry & kEntryNoExecute ? 0 : (uint32_t)kPageExecutable);
  return OK;
}

// Extends bit 47 upwards.
static uint64_t canonical(uint64_t address) {
  const uint64_t sign = UINT64_C(1) << 47;
  return ((address & (2 * sign - 1)) ^ sign) - sign;
}

// How many entries from `entry` on are absent, up to the end of their table.
static uint64_t absent_run(const uint64_t *entry, uint64_t left) {
  uint64_t run = 0;
  while (run < left && !(entry[run] & kEntryPresent)) run++;
  return run;
}

static void walk_advance(walk_t *walk, uint64_t entries) {
  const uint64_t bytes = entry_bytes(walk->level);
  walk->next = canonical((walk->next & ~(bytes - 1)) + entries * bytes);
  walk->entry = walk->next / bytes % kTableEntries == 0 ? nullptr : walk->entry + entries;
  walk->ended = walk->next == 0;
}

// Finds the next page; the first may begin below `next`. Absent upper levels are skipped whole.
static bool walk_next(walk_t *walk, page_t *page) {
  while (!walk->ended) {
    if (walk->entry == nullptr) {
      const path_t path = path_to(walk->next);
      walk->entry = path.entries[path.level];
      walk->level = path.level;
    }
    const uint64_t bytes = entry_bytes(walk->level);
    const uint64_t entry = *walk->entry;
    if (!(entry & kEntryPresent)) {
      const uint64_t left = kTableEntries - walk->next / bytes % kTableEntries;
      walk_advance(walk, absent_run(walk->entry, left));
    } else if (entry_is_page(entry, walk->level)) {
      *page = (page_t){walk->next & ~(bytes - 1), entry, bytes};
      walk_advance(walk, 1);
      return true;
    } else {
      walk->entry = nullptr;  // a table: down into it
    }
  }
  return false;
}

uint64_t paging_count(vaddr_t first, uint64_t bytes) {
  if (bytes == 0 || !is_canonical(first.bytes)) return 0;
  const uint64_t end = first.bytes + (bytes - 1);
  const uint64_t last = end < first.bytes ? UINT64_MAX : end;
  uint64_t pages = 0;
  walk_t walk = {.next = first.bytes};
  page_t page;
  while (walk_next(&walk, &page) && page.address <= last) {
    const uint64_t page_last = page.address + (page.bytes - 1);
    const uint64_t from = page.address > first.bytes ? page.address : first.bytes;
    const uint64_t to = page_last < last ? page_last : last;
    pages += to / kFrameBytes - from / kFrameBytes + 1;
  }
  return pages;
}

uint64_t paging_find_violations(void) {
  uint64_t violations = 0;
  walk_t walk = {0};
  page_t page;
  while (walk_next(&walk, &page)) {
    if ((page.entry & kEntryWritable) && !(page.entry & kEntryNoExecute)) violations++;
  }
  return violations;
}

uint64_t paging_count_frame(paddr_t first, uint64_t count) {
  const uint64_t end = first.bytes + count * kFrameBytes;
  uint64_t pages = 0;
  walk_t walk = {0};
  page_t page;
  while (walk_next(&walk, &page)) {
    if (page.address - kPhysicalMapBase < kPhysicalMapBytes) {
      walk = (walk_t){.next = kPhysicalMapBase + kPhysicalMapBytes};
      continue;
    }
    const uint64_t start = page_start(page);
    if (start < end && start + page.bytes > first.bytes) pages++;
  }
  return pages;
}
