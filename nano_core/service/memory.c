// SPDX-License-Identifier: MIT
#include "nano_core/api/memory.h"

#include "nano_core/arch/cpu.h"
#include "nano_core/arch/paging.h"
#include "nano_core/core/core.h"
#include "nano_core/core/lock.h"
#include "nano_core/gate/caller.h"
#include "nano_core/memory/frames.h"
#include "nano_core/processor/processor.h"

owner_result_t owner_self(void) {
  const instance_t *caller = gate_caller();
  if (caller == nullptr) return (owner_result_t){};
  return (owner_result_t){.value = {(uint32_t)(caller->interface - core_current()->interfaces)}};
}

status_t owner_name(owner_t owner, text_buffer_t name) {
  const core_t *core = core_current();
  if (owner.number >= kInterfaces || !core->interfaces[owner.number].used) return ERR(NOT_FOUND);
  const text_t text = name_text(&core->interfaces[owner.number].name);
  if (name.length <= text.length) return ERR(NO_SPACE);
  *text_buffer_at(name, text_copy(name, text)) = 0;
  return OK;
}

status_t memory_donate(frame_range_t *region) {
  core_t *core = core_current();
  core->donated = true;
  while (core->region_next < core->region_count) {
    const frame_range_t next = core->regions[core->region_next++];
    if (next.count == 0) continue;
    *region = next;
    return OK;
  }
  return ERR(END);
}

u64_result_t memory_reserve_frames(void) {
  return (u64_result_t){.value = core_current()->reserve_count};
}

u64_result_t memory_core_frames(void) {
  const core_t *core = core_current();
  return (u64_result_t){.value = core->frames_taken - core->reserve_count};
}

static const uint32_t kExtendedLeaves = 0x80000000;

static bool in_mapper_area(vaddr_t page) {
  return page.bytes >= kMapperBase && page.bytes - kMapperBase < kMapperBytes;
}

// Whether the processor can address a frame; one that it cannot would fault at the first access.
static bool is_addressable(paddr_t frame) {
  enum { kLeastBits = 32, kWidthLeaf = 8, kWidthMask = 0xff };
  if (frame.bytes >> kLeastBits == 0) return true;
  const uint32_t bits = cpu_identify(kExtendedLeaves + kWidthLeaf).eax & kWidthMask;
  return bits > kLeastBits && bits < 64 && frame.bytes >> bits == 0;
}

// Tables for one page: at most three. They are taken from the reserve, which may call the frame
// allocator; the mapper holds no monitor then.
memory_result_t memory_map_page(vaddr_t page, paddr_t frame, uint64_t flags) {
  memory_result_t result = {};
  if (!in_mapper_area(page) || !is_addressable(frame) ||
      (flags & ~(uint64_t)(kPageWritable | kPageUncached)) != 0) {
    return (memory_result_t){.status = ERR(INVALID_ARGUMENT)};
  }
  if (!core_may_lock()) return (memory_result_t){.status = ERR(UNAVAILABLE)};
  core_lock();
  result.status = core_current()->reserve_count >= 8 ? OK : frames_ensure(8);
  if (status_is_ok(result.status)) result.status = paging_map(page, frame, (uint32_t)flags);
  core_unlock();
  if (status_is_ok(result.status)) result.value = (void *)page.bytes;
  return result;
}

status_t memory_unmap_pages(vaddr_t first, uint64_t count, unmapped_frames_t *frames) {
  const vaddr_t last = {first.bytes + (count - 1) * kFrameBytes};
  if (count == 0 || count > kUnmapPages || first.bytes % kFrameBytes != 0 ||
      !in_mapper_area(first) || !in_mapper_area(last)) {
    return ERR(INVALID_ARGUMENT);
  }
  if (!core_may_lock()) return ERR(UNAVAILABLE);
  *frames = (unmapped_frames_t){.count = count};
  core_lock();
  for (uint64_t i = 0; i < count; i++) {
    const vaddr_t page = {first.bytes + i * kFrameBytes};
    status_ignore(paging_unmap(page, &frames->frames[i]), "a page without a frame says 0");
  }
  processors_flush();
  frames_flush();
  core_unlock();
  return OK;
}

u64_result_t memory_count_violations(void) {
  core_lock();
  const uint64_t violations = paging_find_violations();
  core_unlock();
  return (u64_result_t){.value = violations};
}

u64_result_t memory_count_mapped(vaddr_t first, uint64_t bytes) {
  core_lock();
  const uint64_t pages = paging_count(first, bytes);
  core_unlock();
  return (u64_result_t){.value = pages};
}
