// SPDX-License-Identifier: MIT
#include "nano_core/boot/multiboot2.h"

#include "nano_core/api/checked.h"
#include "nano_core/arch/paging.h"
#include "nano_core/boot/regions.h"

enum tag_type {
  kTagEnd = 0,
  kTagCommandLine = 1,
  kTagModule = 3,
  kTagMemory = 6,
  kTagFramebuffer = 8,
  kTagAcpiOld = 14,
  kTagAcpiNew = 15,
};

// Lengths without the tag's own header.
enum {
  kTagHeaderBytes = 8,
  kTagAlignment = 8,
  kModuleBytes = 8,
  kMemoryHeaderBytes = 8,
  kMemoryEntryBytes = 24,
  kFramebufferBytes = 30,
  kAcpiOldBytes = 20,
  kAcpiNewBytes = 36,
};

enum { kMemoryUsable = 1, kFramebufferDirectColour = 1 };

typedef struct tag {
  uint32_t type;
  bytes_t body;   // without its header
  paddr_t place;  // of the body
} tag_t;

static uint32_t word_at(bytes_t bytes, uint64_t offset) {
  uint32_t word;
  __builtin_memcpy(&word, bytes_slice(bytes, offset, sizeof(word)).data, sizeof(word));
  return word;
}

static uint64_t long_at(bytes_t bytes, uint64_t offset) {
  return (uint64_t)word_at(bytes, offset + 4) << 32 | word_at(bytes, offset);
}

static void memory_read(bytes_t body, boot_info_t *info) {
  if (body.length < kMemoryHeaderBytes) return;
  const uint64_t step = word_at(body, 0);
  if (step < kMemoryEntryBytes) return;
  // Where a careless firmware's entries overlap, usable memory loses: it comes first.
  for (uint32_t pass = 0; pass < 2; pass++) {
    for (uint64_t at = kMemoryHeaderBytes; range_fits(at, kMemoryEntryBytes, body.length);
         at += step) {
      const uint64_t start = long_at(body, at);
      const uint64_t bytes = long_at(body, at + 8);
      const bool usable = word_at(body, at + 16) == kMemoryUsable;
      if (usable && pass == 0) {
        info->memory_bytes += bytes;
        regions_add(info, start, bytes);
      } else if (!usable && pass == 1) {
        regions_remove(info, start, bytes);
      }
    }
  }
}

static void command_line_read(bytes_t body, boot_info_t *info) {
  uint64_t length = 0;
  while (length < body.length && *bytes_at(body, length) != 0) length++;
  info->command_line = (text_t){(const char *)body.data, length};
}

static void archive_read(bytes_t body, boot_info_t *info, handed_range_t *handed) {
  if (body.length < kModuleBytes || info->archive.length != 0) return;
  const uint64_t start = word_at(body, 0);
  const uint64_t end = word_at(body, 4);
  if (end <= start) return;
  info->archive = (bytes_t){physical_pointer((paddr_t){start}), end - start};
  *handed = (handed_range_t){start, end};
}

static machine_channel_t channel_at(bytes_t body, uint64_t offset) {
  return (machine_channel_t){.shift = *bytes_at(body, offset), .bits = *bytes_at(body, offset + 1)};
}

static void framebuffer_read(bytes_t body, boot_info_t *info) {
  if (body.length < kFramebufferBytes) return;
  const uint8_t bits = *bytes_at(body, 20);
  const bool direct = *bytes_at(body, 21) == kFramebufferDirectColour;
  if (!direct || (bits != 16 && bits != 24 && bits != 32)) return;
  info->framebuffer = (machine_framebuffer_t){.start = {long_at(body, 0)},
                                              .pitch = word_at(body, 8),
                                              .width = word_at(body, 12),
                                              .height = word_at(body, 16),
                                              .bits_per_pixel = bits,
                                              .red = channel_at(body, 24),
                                              .green = channel_at(body, 26),
                                              .blue = channel_at(body, 28)};
}

static void tag_read(const tag_t *tag, boot_info_t *info, handed_range_t handed[kHanded]) {
  switch (tag->type) {
    case kTagCommandLine:
      return command_line_read(tag->body, info);
    case kTagModule:
      return archive_read(tag->body, info, &handed[kHandedArchive]);
    case kTagMemory:
      return memory_read(tag->body, info);
    case kTagFramebuffer:
      return framebuffer_read(tag->body, info);
    case kTagAcpiOld:
      if (tag->body.length >= kAcpiOldBytes && info->acpi_root.bytes == 0) {
        info->acpi_root = tag->place;
      }
      return;
    case kTagAcpiNew:
      if (tag->body.length >= kAcpiNewBytes) info->acpi_root = tag->place;
      return;
    default:
      return;
  }
}

// Takes the tag at `*at`.
static bool tag_next(bytes_t information, paddr_t address, uint64_t *at, tag_t *tag) {
  if (!range_fits(*at, kTagHeaderBytes, information.length)) return false;
  const uint64_t bytes = word_at(information, *at + 4);
  if (bytes < kTagHeaderBytes || !range_fits(*at, bytes, information.length)) return false;
  const uint64_t body = *at + kTagHeaderBytes;
  *tag = (tag_t){.type = word_at(information, *at),
                 .body = bytes_slice(information, body, bytes - kTagHeaderBytes),
                 .place = {address.bytes + body}};
  *at += (bytes + kTagAlignment - 1) & ~(uint64_t)(kTagAlignment - 1);
  return true;
}

text_t multiboot2_read(bytes_t information, paddr_t address, boot_info_t *info,
                       handed_range_t handed[kHanded]) {
  tag_t tag;
  uint64_t at = kTagHeaderBytes;  // its own header is as long
  handed[kHandedStart] = handed_range(address.bytes, information.length);
  do {
    if (!tag_next(information, address, &at, &tag)) {
      return TEXT("boot: the multiboot2 loader's information is damaged\n");
    }
    tag_read(&tag, info, handed);
  } while (tag.type != kTagEnd);
  if (info->memory_bytes == 0) return TEXT("boot: the loader gives no memory map\n");
  return TEXT("");
}
