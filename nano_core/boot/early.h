// SPDX-License-Identifier: MIT
/// @file
/// What boot/ shares among its own files.
#pragma once
#include "nano_core/arch/boot_info.h"
#include "nano_core/arch/paging.h"

/// The early page tables (entry.S) show this much of memory.
static const uint64_t kEarlyBytes = UINT64_C(1) << 30;
static const uint64_t kEarlyTablesBytes = 4 * kFrameBytes;

/// Where the early page tables lie in memory: behind the image.
static inline uint64_t early_tables_start(void) {
  extern const char image_boot_tables_start[];
  return (uint64_t)image_boot_tables_start - kImageBase;
}

/// Where the early tables show [start, start + bytes); fails by boot_fail where they do not.
const void *early_pointer(uint64_t start, uint64_t bytes);

/// Writes the line on the emergency console and the screen, and ends the machine: isa-debug-exit
/// with 0x7f where there is one.
[[noreturn]] void boot_fail(text_t line);
