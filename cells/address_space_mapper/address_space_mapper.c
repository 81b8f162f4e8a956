// SPDX-License-Identifier: MIT
#include "cells/address_space_mapper/address_space_mapper.h"

#include "cells/frame_allocator/frame_allocator.h"
#include "patterns/list.h"
#include "patterns/pool.h"

enum { kAreas = 1024, kGuardPages = 1, kStrays = 256 };

// Other cells are called in between, outside of the monitor: while an area is being mapped or
// unmapped, it is nobody else's. An abandoned one has no client: mapping it failed, and so did
// giving back what it had already. The next calls try again.
enum area_status { kAreaBusy, kAreaMapped, kAreaAbandoned };

typedef struct area {
  owner_t owner;
  uint32_t status;  // enum area_status
  uint64_t device;  // 1: device registers
  uint64_t page;    // the first, counted from kMapperBase
  uint64_t pages;   // without the guard page
} area_t;

typedef struct area_handle {
  uint32_t index;
  uint32_t generation;
} area_handle_t;

POOL_DEFINE(area_pool, area_handle_t, area_t, kAreas);

// A frame that is mapped nowhere and could not be returned. The next calls try again.
typedef struct stray {
  owner_t owner;
  paddr_t frame;
} stray_t;

typedef struct mapper_areas {
  monitor_t monitor;
  uint64_t abandoned;  // areas
  uint64_t stray_count;
  stray_t strays[kStrays];
  list_head_t by_address;
  list_link_t links[kAreas];
  area_pool_t pool;
} mapper_areas_t;

STATE(mapper_areas_t, address_space_mapper_areas);

static list_links_t links(void) { return LIST_LINKS(state_address_space_mapper_areas->links); }

static const area_t *area_at(uint32_t index) REQUIRES(state_address_space_mapper_areas->monitor) {
  return &state_address_space_mapper_areas->pool.items[index];
}

static vaddr_t page_address(uint64_t page) { return (vaddr_t){kMapperBase + page * kFrameBytes}; }

// Finds the lowest gap for the area, guard page included, and puts it there.
// NO_MEMORY: there is no such gap.
static status_t place_area(uint32_t index) REQUIRES(state_address_space_mapper_areas->monitor) {
  const list_head_t *head = &state_address_space_mapper_areas->by_address;
  const uint64_t needed = area_at(index)->pages + kGuardPages;
  uint32_t before = kListNone;
  uint64_t gap = 0;
  for (uint32_t i = list_first(head); i != kListNone; i = list_next(links(), i)) {
    if (area_at(i)->page - gap >= needed) break;
    gap = area_at(i)->page + area_at(i)->pages + kGuardPages;
    before = i;
  }
  if (needed > kMapperBytes / kFrameBytes - gap) return ERR(NO_MEMORY);
  state_set(&area_at(index)->page, gap);
  list_insert(links(), head, before, index);
  return OK;
}

// Takes a part of the address space for an area that is busy from then on.
static status_t reserve_locked(area_t area, area_handle_t *handle)
    REQUIRES(state_address_space_mapper_areas->monitor) {
  area_handle_t taken = {};
  TRY(area_pool_take(&state_address_space_mapper_areas->pool, &taken));
  state_copy(area_at(taken.index), &area, sizeof(area));
  const status_t status = place_area(taken.index);
  if (!status_is_ok(status)) {
    status_ignore(area_pool_give(&state_address_space_mapper_areas->pool, taken), "just taken");
    return status;
  }
  *handle = taken;
  return OK;
}

static status_t reserve(area_t *area, area_handle_t *handle) {
  if (area->pages > kMapperBytes / kFrameBytes) return ERR(NO_MEMORY);
  monitor_enter(&state_address_space_mapper_areas->monitor);
  const status_t status = reserve_locked(*area, handle);
  if (status_is_ok(status)) *area = *area_at(handle->index);
  monitor_exit(&state_address_space_mapper_areas->monitor);
  return status;
}

// Ends what made an area busy.
static void set_status(area_handle_t handle, enum area_status status) {
  const mapper_areas_t *areas = state_address_space_mapper_areas;
  monitor_enter(&state_address_space_mapper_areas->monitor);
  state_set(&area_at(handle.index)->status, (uint32_t)status);
  if (status == kAreaAbandoned) state_set(&areas->abandoned, areas->abandoned + 1);
  monitor_exit(&state_address_space_mapper_areas->monitor);
}

static void give_back(area_handle_t handle) {
  monitor_enter(&state_address_space_mapper_areas->monitor);
  list_remove(links(), &state_address_space_mapper_areas->by_address, handle.index);
  status_ignore(area_pool_give(&state_address_space_mapper_areas->pool, handle), "it was busy");
  monitor_exit(&state_address_space_mapper_areas->monitor);
}

// Keeps a stray frame. NO_MEMORY: there is no place left, and it is lost.
static status_t keep_stray(owner_t owner, paddr_t frame) {
  const mapper_areas_t *areas = state_address_space_mapper_areas;
  const stray_t stray = {owner, frame};
  monitor_enter(&state_address_space_mapper_areas->monitor);
  const bool room = areas->stray_count < kStrays;
  if (room) state_set(&areas->strays[areas->stray_count], stray);
  if (room) state_set(&areas->stray_count, areas->stray_count + 1);
  monitor_exit(&state_address_space_mapper_areas->monitor);
  return room ? OK : ERR(NO_MEMORY);
}

static bool take_stray(stray_t *stray) {
  const mapper_areas_t *areas = state_address_space_mapper_areas;
  monitor_enter(&state_address_space_mapper_areas->monitor);
  const bool found = areas->stray_count > 0;
  if (found) *stray = areas->strays[areas->stray_count - 1];
  if (found) state_set(&areas->stray_count, areas->stray_count - 1);
  monitor_exit(&state_address_space_mapper_areas->monitor);
  return found;
}

// Returns a frame that is mapped nowhere, or else keeps it.
static status_t return_or_keep(owner_t owner, paddr_t frame) {
  const status_t status = frame_allocator_free(owner, frame, 1);
  if (!status_is_ok(status)) TRY(keep_stray(owner, frame));
  return status;
}

// Maps one page onto a fresh frame.
static memory_result_t map_fresh_page(owner_t owner, uint64_t page) {
  const paddr_result_t frame = frame_allocator_allocate(owner, 1);
  TRY_RESULT(memory_result_t, frame.status);
  const memory_result_t memory = memory_map_page(page_address(page), frame.value, kPageWritable);
  if (!status_is_ok(memory.status)) {
    status_ignore(return_or_keep(owner, frame.value), "the first error is reported");
  }
  return memory;
}

static memory_result_t map_device_page(uint64_t page, paddr_t frame) {
  return memory_map_page(page_address(page), frame, kPageWritable | kPageUncached);
}

// Returns the frame that was mapped at `page`. When it cannot be returned, the page is mapped
// again, so that neither is lost.
static status_t return_frame(const area_t *area, uint64_t page, paddr_t frame) {
  // Nothing was there: an earlier attempt got further than this page.
  if (frame.bytes == 0 || area->device != 0) return OK;
  const status_t status = frame_allocator_free(area->owner, frame, 1);
  if (status_is_ok(status)) return OK;
  const memory_result_t again = memory_map_page(page_address(page), frame, kPageWritable);
  return status_is_ok(again.status) ? status : return_or_keep(area->owner, frame);
}

// Unmaps up to kUnmapPages pages. Each frame is given a chance, whatever became of those before.
static status_t unmap_some(const area_t *area, uint64_t page, uint64_t count) {
  unmapped_frames_t unmapped = {};
  TRY(memory_unmap_pages(page_address(page), count, &unmapped));
  status_t first = OK;
  for (uint64_t i = 0; i < count; i++) {
    const status_t status = return_frame(area, page + i, unmapped.frames[i]);
    if (status_is_ok(first)) first = status;
  }
  return first;
}

// Unmaps the first `pages` pages of an area.
static status_t unmap_pages(const area_t *area, uint64_t pages) {
  for (uint64_t done = 0; done < pages; done += kUnmapPages) {
    const uint64_t left = pages - done;
    TRY(unmap_some(area, area->page + done, left < kUnmapPages ? left : kUnmapPages));
  }
  return OK;
}

// Ends an attempt to map, of which at most the first `pages` pages are mapped. What cannot be
// returned now stays accounted to the owner until it can.
static void abandon(const area_t *area, area_handle_t handle, uint64_t pages) {
  if (status_is_ok(unmap_pages(area, pages))) {
    give_back(handle);
  } else {
    set_status(handle, kAreaAbandoned);
  }
}

// Makes an abandoned area busy; false: there is none.
static bool seize_abandoned_locked(area_t *area, area_handle_t *handle)
    REQUIRES(state_address_space_mapper_areas->monitor) {
  const mapper_areas_t *areas = state_address_space_mapper_areas;
  if (areas->abandoned == 0) return false;
  uint32_t index = list_first(&areas->by_address);
  while (area_at(index)->status != kAreaAbandoned) index = list_next(links(), index);
  if (!area_pool_taken(&areas->pool, index, handle)) TRAP();
  state_set(&areas->abandoned, areas->abandoned - 1);
  state_set(&area_at(index)->status, (uint32_t)kAreaBusy);
  *area = *area_at(index);
  return true;
}

// Tries to get rid of all stray frames and of one abandoned area.
static void sweep(void) {
  stray_t stray = {};
  while (take_stray(&stray)) {
    if (!status_is_ok(return_or_keep(stray.owner, stray.frame))) break;
  }
  area_t area = {};
  area_handle_t handle = {};
  monitor_enter(&state_address_space_mapper_areas->monitor);
  const bool found = seize_abandoned_locked(&area, &handle);
  monitor_exit(&state_address_space_mapper_areas->monitor);
  if (found) abandon(&area, handle, area.pages);
}

// Maps all pages of a busy area: device pages from `start` on, or fresh ones.
static memory_result_t map_area(const area_t *area, area_handle_t handle, paddr_t start) {
  void *memory = NULL;
  for (uint64_t i = 0; i < area->pages; i++) {
    const paddr_t frame = {start.bytes + i * kFrameBytes};
    const memory_result_t page = area->device != 0 ? map_device_page(area->page + i, frame)
                                                   : map_fresh_page(area->owner, area->page + i);
    if (!status_is_ok(page.status)) {
      abandon(area, handle, i);
      return page;
    }
    if (i == 0) memory = page.value;
  }
  if (area->device == 0) __builtin_memset(memory, 0, area->pages * kFrameBytes);
  set_status(handle, kAreaMapped);
  return (memory_result_t){.value = memory};
}

memory_result_t address_space_mapper_map(owner_t owner, uint64_t frames) {
  if (frames == 0) return (memory_result_t){.status = ERR(INVALID_ARGUMENT)};
  sweep();
  area_t area = {.owner = owner, .status = kAreaBusy, .pages = frames};
  area_handle_t handle = {};
  TRY_RESULT(memory_result_t, reserve(&area, &handle));
  return map_area(&area, handle, (paddr_t){0});
}

memory_result_t address_space_mapper_map_device(owner_t owner, paddr_t start, uint64_t bytes) {
  if (bytes == 0 || start.bytes % kFrameBytes != 0 || bytes > UINT64_MAX - start.bytes) {
    return (memory_result_t){.status = ERR(INVALID_ARGUMENT)};
  }
  const uint64_t pages = (bytes - 1) / kFrameBytes + 1;
  area_t area = {.owner = owner, .status = kAreaBusy, .device = 1, .pages = pages};
  area_handle_t handle = {};
  TRY_RESULT(memory_result_t, reserve(&area, &handle));
  return map_area(&area, handle, start);
}

// Finds the mapped area that begins at `page` and makes it busy.
static status_t seize_locked(owner_t owner, uint64_t page, area_handle_t *handle)
    REQUIRES(state_address_space_mapper_areas->monitor) {
  const list_head_t *head = &state_address_space_mapper_areas->by_address;
  uint32_t index = list_first(head);
  while (index != kListNone && area_at(index)->page != page) index = list_next(links(), index);
  if (index == kListNone || area_at(index)->status != kAreaMapped) return ERR(INVALID_ARGUMENT);
  if (area_at(index)->owner.number != owner.number) return ERR(DENIED);
  if (!area_pool_taken(&state_address_space_mapper_areas->pool, index, handle)) {
    return ERR(INTERNAL);
  }
  state_set(&area_at(index)->status, (uint32_t)kAreaBusy);
  return OK;
}

status_t address_space_mapper_unmap(owner_t owner, void *memory) {
  const uint64_t address = (uint64_t)(uintptr_t)memory;
  if (address < kMapperBase || address - kMapperBase >= kMapperBytes ||
      address % kFrameBytes != 0) {
    return ERR(INVALID_ARGUMENT);
  }
  area_handle_t handle = {};
  area_t area = {};
  monitor_enter(&state_address_space_mapper_areas->monitor);
  status_t status = seize_locked(owner, (address - kMapperBase) / kFrameBytes, &handle);
  if (status_is_ok(status)) area = *area_at(handle.index);
  monitor_exit(&state_address_space_mapper_areas->monitor);
  TRY(status);
  status = unmap_pages(&area, area.pages);
  if (status_is_ok(status)) {
    give_back(handle);
  } else {
    set_status(handle, kAreaMapped);
  }
  return status;
}

status_t address_space_mapper_describe(uint64_t index, mapped_area_t *area) {
  if (index >= kAreas) return ERR(END);
  area_handle_t handle = {};
  mapped_area_t info = {};
  monitor_enter(&state_address_space_mapper_areas->monitor);
  const bool taken = area_pool_taken(&state_address_space_mapper_areas->pool, index, &handle);
  if (taken) {
    const area_t *place = area_at(handle.index);
    info = (mapped_area_t){place->owner, (uint32_t)place->device, page_address(place->page),
                           place->pages};
  }
  monitor_exit(&state_address_space_mapper_areas->monitor);
  if (!taken) return ERR(NOT_FOUND);
  *area = info;
  return OK;
}

status_t address_space_mapper_initialize(void) {
  // Areas belong to others, so they outlive every instance, an unload included.
  return blob_retain(TEXT("address_space_mapper_areas"));
}
