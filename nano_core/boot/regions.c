// SPDX-License-Identifier: MIT
#include "nano_core/boot/regions.h"

#include "nano_core/arch/paging.h"
#include "nano_core/arch/startup.h"

static uint64_t end_of(memory_region_t region) { return region.start.bytes + region.bytes; }

static void erase(boot_info_t *info, uint64_t index) {
  info->region_count--;
  for (uint64_t i = index; i < info->region_count; i++) info->regions[i] = info->regions[i + 1];
}

static void insert(boot_info_t *info, uint64_t index, uint64_t start, uint64_t end) {
  if (index >= kBootRegions) return;
  if (info->region_count < kBootRegions) info->region_count++;
  for (uint64_t i = info->region_count - 1; i > index; i--) info->regions[i] = info->regions[i - 1];
  info->regions[index] = (memory_region_t){{start}, end - start};
}

// The end of a range that starts in the physical map and may not leave it.
static uint64_t range_end(uint64_t start, uint64_t bytes) {
  return bytes < kPhysicalMapBytes - start ? start + bytes : kPhysicalMapBytes;
}

static uint64_t frame_floor(uint64_t address) { return address / kFrameBytes * kFrameBytes; }
static uint64_t frame_ceiling(uint64_t address) { return frame_floor(address + kFrameBytes - 1); }

void regions_add(boot_info_t *info, uint64_t start, uint64_t bytes) {
  if (start >= kPhysicalMapBytes) return;
  uint64_t end = frame_floor(range_end(start, bytes));
  start = frame_ceiling(start);
  if (start >= end) return;
  uint64_t i = 0;
  while (i < info->region_count && end_of(info->regions[i]) < start) i++;
  while (i < info->region_count && info->regions[i].start.bytes <= end) {
    const memory_region_t region = info->regions[i];
    if (region.start.bytes < start) start = region.start.bytes;
    if (end_of(region) > end) end = end_of(region);
    erase(info, i);
  }
  insert(info, i, start, end);
}

void regions_remove(boot_info_t *info, uint64_t start, uint64_t bytes) {
  if (start >= kPhysicalMapBytes || bytes == 0) return;
  const uint64_t end = frame_ceiling(range_end(start, bytes));
  start = frame_floor(start);
  uint64_t i = 0;
  while (i < info->region_count) {
    const uint64_t region_start = info->regions[i].start.bytes;
    const uint64_t region_end = end_of(info->regions[i]);
    if (region_end <= start || region_start >= end) {
      i++;
      continue;
    }
    erase(info, i);
    if (region_start < start) insert(info, i++, region_start, start);
    if (region_end > end) insert(info, i++, end, region_end);
  }
}

// The lowest usable run in [start, end); 0: none.
static paddr_t startup_area_in(const boot_info_t *info, uint64_t start, uint64_t end) {
  const uint64_t bytes = kStartupFrames * kFrameBytes;
  for (uint64_t i = 0; i < info->region_count; i++) {
    const uint64_t region_start = info->regions[i].start.bytes;
    const uint64_t region_end = end_of(info->regions[i]);
    const uint64_t from = region_start > start ? region_start : start;
    const uint64_t to = region_end < end ? region_end : end;
    if (from < to && to - from >= bytes) return (paddr_t){from};
  }
  return (paddr_t){0};
}

// Some firmware goes on writing to the lowest 64 KiB, so those come last.
paddr_t regions_startup_area(const boot_info_t *info) {
  const uint64_t kilobyte = 1024;
  const paddr_t area = startup_area_in(info, 64 * kilobyte, 640 * kilobyte);
  return area.bytes != 0 ? area : startup_area_in(info, kFrameBytes, 640 * kilobyte);
}
