// SPDX-License-Identifier: MIT
#include "nano_core/instance/debugger.h"

#include "nano_core/api/checked.h"
#include "nano_core/api/machine.h"
#include "nano_core/arch/paging.h"
#include "nano_core/loader/archive.h"
#include "nano_core/loader/elf.h"
#include "nano_core/loader/object_internal.h"
#include "nano_core/memory/frames.h"
#include "nano_core/memory/mapping.h"

enum { kDescriptorVersion = 1, kActionAdded = 1, kActionRemoved = 2 };

// One file in memory; it stands in front of the file itself.
typedef struct debug_entry {
  struct debug_entry *next;
  struct debug_entry *previous;
  uint64_t file;
  uint64_t bytes;
} debug_entry_t;

typedef struct debug_descriptor {
  uint32_t version;
  uint32_t action;
  debug_entry_t *changed;
  debug_entry_t *first;
} debug_descriptor_t;

// GDB knows the next two by their names. The descriptor lies among the constants, since the image
// has no writable data; it is written where the physical map shows it.
[[gnu::used]] const volatile debug_descriptor_t __jit_debug_descriptor = {.version =
                                                                              kDescriptorVersion};

void __jit_debug_register_code(void);

[[gnu::noinline, gnu::used]] void __jit_debug_register_code(void) {
  __asm__ volatile("" ::: "memory");
}

static debug_descriptor_t *descriptor(void) {
  const uint64_t address = (uint64_t)(uintptr_t)&__jit_debug_descriptor;
  return physical_pointer((paddr_t){address - kImageBase});
}

static void announce(debug_entry_t *entry, uint32_t action) {
  descriptor()->changed = entry;
  descriptor()->action = action;
  __jit_debug_register_code();
}

// A copy of section header number `index`.
static bool read_section(bytes_t file, const elf_header_t *header, uint32_t index,
                         elf_section_t *section) {
  const uint64_t offset = header->sections_offset + index * sizeof(*section);
  if (!range_fits(offset, sizeof(*section), file.length)) return false;
  __builtin_memcpy(section, file.data + offset, sizeof(*section));
  return true;
}

// The name of a section of the debug information; empty where the file is damaged.
static text_t section_name(bytes_t file, const elf_header_t *header, uint32_t name) {
  elf_section_t strings;
  if (!read_section(file, header, header->section_names, &strings) ||
      !range_fits(strings.offset, strings.bytes, file.length) || name >= strings.bytes ||
      file.data[strings.offset + strings.bytes - 1] != 0) {
    return TEXT("");
  }
  return object_string(bytes_slice(file, strings.offset, strings.bytes), name);
}

// Where the section called `name` was placed; the two files may have them in another order.
static uint64_t placed_address(const object_t *object, const object_placement_t *placement,
                               text_t name) {
  for (uint32_t i = 1; i < object->section_count; i++) {
    const object_section_t *section = &object->sections[i];
    if (section->kind == kSectionNotLoaded || !text_equal(object_section_name(object, i), name)) {
      continue;
    }
    return section->place +
           (section->kind == kSectionText ? placement->text_address : placement->rodata_address);
  }
  return 0;
}

static bool fill_in(const object_t *object, const object_placement_t *placement, byte_span_t copy) {
  const bytes_t file = {copy.data, copy.length};
  elf_header_t header;
  elf_section_t section;
  if (file.length < sizeof(header)) return false;
  __builtin_memcpy(&header, file.data, sizeof(header));
  for (uint32_t i = 1; i < header.section_count; i++) {
    if (!read_section(file, &header, i, &section)) return false;
    if ((section.flags & kElfFlagAllocate) == 0) continue;
    section.address = placed_address(object, placement, section_name(file, &header, section.name));
    if (section.address == 0) return false;  // of another build
    const uint64_t offset = header.sections_offset + i * sizeof(section);
    __builtin_memcpy(copy.data + offset, &section, sizeof(section));
  }
  return true;
}

static status_t find_file(const instance_t *instance, archive_entry_t *file) {
  message_t name = {};
  message_text(&name, instance->object_name);
  message_text(&name, TEXT(".debug"));
  return archive_find(core_current()->archive, message_view(&name), file);
}

static void link_entry(debug_entry_t *entry) {
  entry->next = descriptor()->first;
  if (entry->next != nullptr) entry->next->previous = entry;
  descriptor()->first = entry;
}

void debugger_add(instance_t *instance, const object_t *object,
                  const object_placement_t *placement) {
  archive_entry_t file;
  if (!machine_option(TEXT("gdb")).value || !status_is_ok(find_file(instance, &file))) return;
  const uint64_t pages = pages_for(sizeof(debug_entry_t) + file.content.length);
  if (!status_is_ok(frames_ensure(pages)) ||
      !status_is_ok(mapping_create(kAreaRecords, pages, kPageWritable, &instance->debug))) {
    core_log(TEXT("no memory for the debug information of "), instance->object_name, TEXT(""));
    return;
  }
  debug_entry_t *entry = (debug_entry_t *)instance->debug.start.bytes;
  const byte_span_t copy = {(uint8_t *)(entry + 1), file.content.length};
  __builtin_memcpy(copy.data, file.content.data, copy.length);
  if (!fill_in(object, placement, copy)) {
    core_log(TEXT("the debug information does not belong to "), instance->object_name, TEXT(""));
    mapping_destroy(&instance->debug);
    return;
  }
  *entry = (debug_entry_t){.file = (uint64_t)(uintptr_t)copy.data, .bytes = copy.length};
  link_entry(entry);
  announce(entry, kActionAdded);
}

void debugger_remove(instance_t *instance) {
  if (instance->debug.pages == 0) return;
  debug_entry_t *entry = (debug_entry_t *)instance->debug.start.bytes;
  if (entry->next != nullptr) entry->next->previous = entry->previous;
  if (entry->previous != nullptr) {
    entry->previous->next = entry->next;
  } else {
    descriptor()->first = entry->next;
  }
  announce(entry, kActionRemoved);
  mapping_destroy(&instance->debug);
}
