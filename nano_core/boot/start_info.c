// SPDX-License-Identifier: MIT
#include "nano_core/boot/start_info.h"

#include "nano_core/arch/paging.h"
#include "nano_core/boot/early.h"
#include "nano_core/boot/regions.h"

enum { kCommandLineBytes = 2048 };

static void memory_read(const start_info_t *start, boot_info_t *info) {
  const uint64_t bytes = start->memory_count * sizeof(start_memory_t);
  const start_memory_t *entries = early_pointer(start->memory_map, bytes);
  for (uint32_t i = 0; i < start->memory_count; i++) {
    if (entries[i].type != kStartMemoryUsable) continue;
    info->memory_bytes += entries[i].bytes;
    regions_add(info, entries[i].start, entries[i].bytes);
  }
  // Where a careless firmware's entries overlap, usable memory loses.
  for (uint32_t i = 0; i < start->memory_count; i++) {
    if (entries[i].type == kStartMemoryUsable) continue;
    regions_remove(info, entries[i].start, entries[i].bytes);
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
  if (start->module_count == 0) return;
  const start_module_t *modules = early_pointer(start->modules, sizeof(*modules));
  info->archive = (bytes_t){physical_pointer((paddr_t){modules->start}), modules->bytes};
}

static uint64_t physical_of(const void *pointer) { return (uint64_t)pointer - kPhysicalMapBase; }

static void handed_read(paddr_t address, const start_info_t *start, const boot_info_t *info,
                        handed_range_t handed[kHanded]) {
  handed[kHandedStart] = handed_range(address.bytes, sizeof(*start));
  handed[kHandedMemory] =
      handed_range(start->memory_map, start->memory_count * sizeof(start_memory_t));
  if (start->module_count != 0) {
    handed[kHandedModules] =
        handed_range(start->modules, start->module_count * sizeof(start_module_t));
    handed[kHandedArchive] = handed_range(physical_of(info->archive.data), info->archive.length);
  }
  if (info->command_line.length != 0) {
    handed[kHandedCommand] =
        handed_range(physical_of(info->command_line.data), info->command_line.length);
  }
}

void start_info_read(paddr_t address, boot_info_t *info, handed_range_t handed[kHanded]) {
  const start_info_t *start = early_pointer(address.bytes, sizeof(*start));
  if (start->magic != kStartMagic) {
    boot_fail(TEXT("boot: not started by a multiboot2 or PVH loader; GRUB and QEMU have them\n"));
  }
  if (start->version == 0 || start->memory_count == 0) {
    boot_fail(TEXT("boot: the loader gives no memory map\n"));
  }
  memory_read(start, info);
  command_line_read(start, info);
  info->acpi_root = (paddr_t){start->rsdp};
  archive_read(start, info);
  handed_read(address, start, info, handed);
}
