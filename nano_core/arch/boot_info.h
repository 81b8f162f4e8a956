// SPDX-License-Identifier: MIT
/// @file
/// What boot/ hands to the rest of nano_core, whatever the boot protocol was.
#pragma once
#include "nano_core/api/machine.h"
#include "nano_core/api/span.h"
#include "nano_core/api/units.h"

enum { kBootRegions = 32 };

/// Physical memory [start, start + bytes).
typedef struct memory_region {
  paddr_t start;
  uint64_t bytes;
} memory_region_t;

typedef struct boot_info {
  /// Usable memory: whole frames, sorted, merged, without the first MiB, the image, the page tables
  /// in force, and everything that the boot loader handed over.
  /// @shape [region_count]
  memory_region_t regions[kBootRegions];
  uint64_t region_count;
  uint64_t memory_bytes;  // all memory that the firmware calls usable
  bytes_t archive;        // in the physical map; empty if there is none
  text_t command_line;    // in the physical map; may be empty
  paddr_t acpi_root;      // 0: the loader says nothing
  machine_framebuffer_t framebuffer;
  paddr_t image_start;  // the image, boot stack included, is [image_start, image_end)
  paddr_t image_end;
  paddr_t startup_area;  // below 1 MiB, nobody's, to start processors in (arch/startup.h); 0: none
} boot_info_t;

/// Where boot/ goes on once the final address space is in force (arch/paging.h), the legacy
/// interrupt controllers are masked, the protections of arch/cpu.h are on and the emergency console
/// is set up. Interrupts are off; no descriptor table but a temporary GDT is loaded; `gs` points at
/// 64 bytes of zero in read-only data, so that the stack canary can be read.
/// @param info  lies on the boot stack
[[noreturn]] void nano_core_main(const boot_info_t *info);

// Bounds of the image's parts (nano_core.lds); only their addresses mean anything. The boot stack
// is the image's one writable part: unmap it once it is left.
extern const char image_text_start[], image_text_end[];
extern const char image_rodata_start[], image_rodata_end[];
extern const char image_boot_stack_start[], image_boot_stack_end[];
