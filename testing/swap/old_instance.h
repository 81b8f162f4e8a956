// SPDX-License-Identifier: MIT
/// @file
/// What the commands that test swaps from inside share: where an instance lies, and whether
/// anything of it is left.
/// @spill none: no data.
#pragma once
#include "nano_core/api/instances.h"
#include "nano_core/api/memory.h"
#include "patterns/command.h"

/// Where the instance that serves now lies.
typedef struct old_instance {
  vaddr_t text;
  vaddr_t rodata;
  uint64_t text_bytes;
  uint64_t rodata_bytes;
  uint64_t generation;
} old_instance_t;

/// @errors   those of instance_describe: past the last one nobody serves `name`
static inline status_t old_instance_find(text_t name, old_instance_t *place) {
  for (uint64_t i = 0;; i++) {
    instance_info_t info;
    TRY(instance_describe(i, &info));
    if (!text_equal(COMMAND_FIELD(info.name.characters), name)) continue;
    *place = (old_instance_t){
        info.text, info.rodata, info.text_bytes, info.rodata_bytes, info.generation,
    };
    return OK;
  }
}

static inline uint64_t old_instance_mapped(vaddr_t start, uint64_t bytes) {
  const u64_result_t pages = memory_count_mapped(start, bytes);
  return status_is_ok(pages.status) ? pages.value : 1;
}

/// @returns  its pages that are still mapped
static inline uint64_t old_instance_pages(const old_instance_t *place) {
  return old_instance_mapped(place->text, place->text_bytes) +
         old_instance_mapped(place->rodata, place->rodata_bytes + 1);
}
