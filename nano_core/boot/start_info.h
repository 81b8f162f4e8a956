// SPDX-License-Identifier: MIT
/// @file
/// What a PVH boot loader hands over (the Xen project's hvm/start_info.h), and reading it.
#pragma once
#include "nano_core/api/ownership.h"
#include "nano_core/arch/boot_info.h"
#include "nano_core/boot/handed.h"

static const uint32_t kStartMagic = 0x336ec578;
static const uint32_t kStartMemoryUsable = 1;

typedef struct start_memory {
  uint64_t start;
  uint64_t bytes;
  uint32_t type;
  uint32_t reserved;
} start_memory_t;

typedef struct start_module {
  uint64_t start;
  uint64_t bytes;
  uint64_t command_line;
  uint64_t reserved;
} start_module_t;

typedef struct start_info {
  uint32_t magic;
  uint32_t version;  // from 1 on there is a memory map
  uint32_t flags;
  uint32_t module_count;
  uint64_t modules;
  uint64_t command_line;
  uint64_t rsdp;
  uint64_t memory_map;
  uint32_t memory_count;
  uint32_t reserved;
} start_info_t;

/// Reads everything into `info`; fails by boot_fail when there is nothing to go on with. Runs on
/// the early page tables.
/// @param info    zero; its regions become all that is usable
/// @param handed  zero
void start_info_read(paddr_t address, OUT boot_info_t *info, OUT handed_range_t handed[kHanded]);
