// SPDX-License-Identifier: MIT
#include "nano_core/boot/start_info.h"

#include "nano_core/arch/emergency_console.h"
#include "nano_core/arch/paging.h"
#include "nano_core/boot/early.h"
#include "nano_core/boot/regions.h"

static const uint64_t kFirstMegabyte = UINT64_C(1) << 20;
enum { kCommandLineBytes = 2048 };

// Where the early tables show [start, start + bytes).
static const void *early_pointer(uint64_t start, uint64_t bytes) {
  if (start >= kEarlyBytes || bytes > kEarlyBytes - start) {
    boot_fail(TEXT("boot: the loader's data lie above the first GiB\n"));
  }
  return physical_pointer((paddr_t){start});
}

static void usable_read(const start_info_t *start, boot_info_t *usable) {
  const uint64_t bytes = start->memory_count * sizeof(start_memory_t);
  const start_memory_t *entries = early_pointer(start->memory_map, bytes);
  for (uint32_t i = 0; i < start->memory_count; i++) {
    if (entries[i].type != kStartMemoryUsable) continue;
    usable->memory_bytes += entries[i].bytes;
    regions_add(usable, entries[i].start, entries[i].bytes);
  }
  // Where a careless firmware's entries overlap, usable memory loses.
  for (uint32_t i = 0; i < start->memory_count; i++) {
    if (entries[i].type == kStartMemoryUsable) continue;
    regions_remove(usable, entries[i].start, entries[i].bytes);
  }
}

static uint64_t text_length(const char *text, uint64_t limit) {
  uint64_t length = 0;
  while (length < limit && text[length] != 0) length++;
  return length;
}

static void command_line_read(const start_info_t *start, boot_info_t *info) {
  if (start->command_line == 0) return;
  const char *text = early_pointer(start->command_line, kCommandLineBytes);
  info->command_line = (text_t){text, text_length(text, kCommandLineBytes)};
}

static void archive_read(const start_info_t *start, boot_info_t *info) {
  if (start->module_count == 0) {
    emergency_console_write(TEXT("boot: no archive of cells; give it as -initrd\n"));
    return;
  }
  const start_module_t *modules = early_pointer(start->modules, sizeof(*modules));
  info->archive = (bytes_t){physical_pointer((paddr_t){modules->start}), modules->bytes};
}

static handed_range_t range_of(uint64_t start, uint64_t bytes) {
  return (handed_range_t){start, start + bytes};
}

static uint64_t physical_of(const void *pointer) { return (uint64_t)pointer - kPhysicalMapBase; }

static void handed_read(paddr_t address, const start_info_t *start, const boot_info_t *info,
                        handed_range_t handed[kHanded]) {
  handed[kHandedStart] = range_of(address.bytes, sizeof(*start));
  handed[kHandedMemory] = range_of(start->memory_map, start->memory_count * sizeof(start_memory_t));
  if (start->module_count != 0) {
    handed[kHandedModules] = range_of(start->modules, start->module_count * sizeof(start_module_t));
    handed[kHandedArchive] = range_of(physical_of(info->archive.data), info->archive.length);
  }
  if (info->command_line.length != 0) {
    handed[kHandedCommand] =
        range_of(physical_of(info->command_line.data), info->command_line.length);
  }
}

void start_info_read(paddr_t address, boot_info_t *info, boot_info_t *usable,
                     handed_range_t handed[kHanded]) {
  const start_info_t *start = early_pointer(address.bytes, sizeof(*start));
  if (start->magic != kStartMagic) boot_fail(TEXT("boot: not started by a PVH loader\n"));
  if (start->version == 0 || start->memory_count == 0) {
    boot_fail(TEXT("boot: the loader gives no memory map\n"));
  }
  usable_read(start, usable);
  *info = *usable;
  info->image_start = (paddr_t){(uint64_t)image_text_start - kImageBase};
  info->image_end = (paddr_t){(uint64_t)image_boot_stack_end - kImageBase};
  command_line_read(start, info);
  info->acpi_root = (paddr_t){start->rsdp};
  archive_read(start, info);
  handed_read(address, start, info, handed);
  regions_remove(info, 0, kFirstMegabyte);
  regions_remove(info, info->image_start.bytes, info->image_end.bytes - info->image_start.bytes);
  regions_remove(info, early_tables_start(), kEarlyTablesBytes);
  for (size_t i = 0; i < kHanded; i++) {
    regions_remove(info, handed[i].start, handed[i].end - handed[i].start);
  }
}
