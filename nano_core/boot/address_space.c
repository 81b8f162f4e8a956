// SPDX-License-Identifier: MIT
#include "nano_core/boot/address_space.h"

#include "nano_core/arch/apic.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/arch/page_table.h"
#include "nano_core/boot/early.h"
#include "nano_core/boot/regions.h"

enum { kLevelPage = 1, kLevelLarge = 2, kLevelHuge = 3 };

static const uint32_t kLeafExtended = 0x80000001;
static const uint32_t kExtendedHugePages = 1u << 26;  // edx

typedef struct builder {
  boot_info_t *info;
  paddr_t root;
  bool huge_pages;
} builder_t;

// The lowest free frame: the early tables show only the first GiB.
static paddr_t table_new(boot_info_t *info) {
  const paddr_t frame = info->regions[0].start;
  if (info->region_count == 0 || frame.bytes >= kEarlyBytes) {
    boot_fail(TEXT("boot: too little memory\n"));
  }
  regions_remove(info, frame.bytes, kFrameBytes);
  __builtin_memset(physical_pointer(frame), 0, kFrameBytes);
  return frame;
}

// Sets the entry of a page at `level`, unless a page is there already. Returns false, with nothing
// done, where smaller pages are.
static bool page_set(builder_t *builder, uint64_t address, uint64_t page, uint32_t level) {
  page_table_t *table = entry_table(builder->root.bytes);
  for (uint32_t at = kTableRoot; at > level; at--) {
    uint64_t *entry = entry_at(table, at, address);
    if (!(*entry & kEntryPresent)) {
      *entry = entry_of_table(table_new(builder->info));
    } else if (entry_is_page(*entry, at)) {
      return true;
    }
    table = entry_table(*entry);
  }
  uint64_t *entry = entry_at(table, level, address);
  if (!(*entry & kEntryPresent)) *entry = page;
  return entry_is_page(*entry, level);
}

// Shows [start, end) and what shares its 2 MiB pages in the physical map.
static void physical_map(builder_t *builder, uint64_t start, uint64_t end) {
  const uint64_t huge = entry_bytes(kLevelHuge);
  uint64_t address = start & ~(entry_bytes(kLevelLarge) - 1);
  while (address < end) {
    const bool fits = builder->huge_pages && address % huge == 0 && end - address >= huge;
    const uint64_t page = entry_of_page((paddr_t){address}, kPageWritable) | kEntryLarge;
    const uint64_t place = kPhysicalMapBase + address;
    if (fits && page_set(builder, place, page, kLevelHuge)) {
      address += huge;
    } else {
      page_set(builder, place, page, kLevelLarge);
      address += entry_bytes(kLevelLarge);
    }
  }
}

static void image_map(builder_t *builder, const char *start, const char *end, uint32_t attributes) {
  for (uint64_t page = (uint64_t)start; page < (uint64_t)end; page += kFrameBytes) {
    const paddr_t frame = {page - kImageBase};
    page_set(builder, page, entry_of_page(frame, attributes), kLevelPage);
  }
}

paddr_t address_space_build(boot_info_t *info, const boot_info_t *usable,
                            const handed_range_t handed[kHanded]) {
  builder_t builder = {
      .info = info,
      .root = table_new(info),
      .huge_pages = cpu_identify(kLeafExtended).edx & kExtendedHugePages,
  };
  for (uint64_t i = 0; i < usable->region_count; i++) {
    const memory_region_t region = usable->regions[i];
    physical_map(&builder, region.start.bytes, region.start.bytes + region.bytes);
  }
  physical_map(&builder, 0, entry_bytes(kLevelLarge));
  for (size_t i = 0; i < kHanded; i++) physical_map(&builder, handed[i].start, handed[i].end);
  page_set(&builder, kPhysicalMapBase + kApicRegisters.bytes,
           entry_of_page(kApicRegisters, kPageWritable | kPageUncached), kLevelPage);
  image_map(&builder, image_text_start, image_text_end, kPageExecutable);
  image_map(&builder, image_rodata_start, image_rodata_end, 0);
  image_map(&builder, image_boot_stack_start, image_boot_stack_end, kPageWritable);
  return builder.root;
}
