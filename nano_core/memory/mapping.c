// SPDX-License-Identifier: MIT
#include "nano_core/memory/mapping.h"

#include "nano_core/arch/paging.h"
#include "nano_core/memory/frames.h"

enum { kChunkBytes = 2 << 20, kRecordPages = 8192, kChunkPages = kChunkBytes / kFrameBytes };

typedef struct area {
  uint64_t base;
  uint64_t pages;
  uint64_t *cursor;
} area_t;

static area_t area_of(enum mapping_area area) {
  core_t *core = core_current();
  if (area == kAreaInstances) {
    return (area_t){kInstanceBase, kInstancePages, &core->instance_cursor};
  }
  return (area_t){kStackBase, kRecordPages, &core->record_cursor};
}

static vaddr_t page_at(area_t area, uint64_t page) {
  return (vaddr_t){area.base + page * kFrameBytes};
}

// One page of each 2 MiB stays mapped for good, so that its page table is never given back and the
// number of free frames does not depend on where in the area mappings happen to lie.
static status_t pin_tables(area_t area) {
  TRY(frames_ensure(2 * area.pages / kChunkPages + 4));
  for (uint64_t page = kChunkPages - 1; page < area.pages; page += kChunkPages) {
    const paddr_result_t frame = core_frame_take();
    TRY(frame.status);
    TRY(paging_map(page_at(area, page), frame.value, 0));
  }
  return OK;
}

status_t mapping_prepare_areas(void) {
  TRY(pin_tables(area_of(kAreaInstances)));
  return pin_tables(area_of(kAreaRecords));
}

// Finds `pages` free pages from the cursor on, wrapping once.
static bool find_gap(area_t area, uint64_t pages, uint64_t *first) {
  if (pages > kChunkPages) return false;
  for (uint64_t tried = 0, page = *area.cursor; tried < area.pages; tried++, page++) {
    if (page + pages > area.pages) page = 0;
    if (paging_count(page_at(area, page), pages * kFrameBytes) != 0) continue;
    *first = page;
    return true;
  }
  return false;
}

static void unmap_pages(vaddr_t start, uint64_t pages) {
  for (uint64_t i = 0; i < pages; i++) {
    paddr_t frame;
    const vaddr_t page = {start.bytes + i * kFrameBytes};
    if (status_is_ok(paging_unmap(page, &frame))) core_frame_retire(frame);
  }
}

status_t mapping_create(enum mapping_area which, uint64_t pages, uint32_t attributes,
                        mapping_t *mapping) {
  const area_t area = area_of(which);
  uint64_t gap;
  frames_flush();  // or another processor would still see what lay there before
  if (pages == 0 || !find_gap(area, pages + 2, &gap)) return ERR(NO_MEMORY);
  const vaddr_t start = page_at(area, gap + 1);
  for (uint64_t i = 0; i < pages; i++) {
    const paddr_result_t frame = core_frame_take();
    status_t status = frame.status;
    if (status_is_ok(status)) {
      __builtin_memset(physical_pointer(frame.value), 0, kFrameBytes);
      status = paging_map((vaddr_t){start.bytes + i * kFrameBytes}, frame.value, attributes);
      if (!status_is_ok(status)) core_frame_give(frame.value);
    }
    if (!status_is_ok(status)) {
      unmap_pages(start, i);
      return ERR(NO_MEMORY);
    }
  }
  *area.cursor = gap + pages + 1;
  *mapping = (mapping_t){start, pages};
  return OK;
}

void mapping_destroy(mapping_t *mapping) {
  unmap_pages(mapping->start, mapping->pages);
  *mapping = (mapping_t){};
}

status_t mapping_protect(const mapping_t *mapping, uint32_t attributes) {
  for (uint64_t i = 0; i < mapping->pages; i++) {
    const vaddr_t page = {mapping->start.bytes + i * kFrameBytes};
    paddr_t frame;
    TRY(paging_unmap(page, &frame));
    TRY(paging_map(page, frame, attributes));
  }
  return OK;
}

void *mapping_alias(vaddr_t address) {
  paddr_t frame;
  uint32_t attributes;
  if (!status_is_ok(paging_lookup(address, &frame, &attributes))) {
    core_panic(TEXT("a mapping of nano_core is gone"), nullptr);
  }
  const paddr_t place = {frame.bytes + address.bytes % kFrameBytes};
  return physical_pointer(place);
}
