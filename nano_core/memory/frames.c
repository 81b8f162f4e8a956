// SPDX-License-Identifier: MIT
#include "nano_core/memory/frames.h"

#include "nano_core/arch/cpu.h"
#include "nano_core/arch/paging.h"
#include "nano_core/core/core.h"
#include "nano_core/core/lock.h"
#include "nano_core/gate/reference.h"
#include "nano_core/processor/processor.h"

// Takes one frame of boot memory that has not been handed to the frame allocator.
static paddr_result_t boot_frame_take(core_t *core) {
  while (!core->donated && core->region_next < core->region_count) {
    frame_range_t *region = &core->regions[core->region_next];
    if (region->count > 0) {
      const paddr_t frame = region->start;
      region->start.bytes += kFrameBytes;
      region->count--;
      return (paddr_result_t){.value = frame};
    }
    core->region_next++;
  }
  return (paddr_result_t){.status = ERR(NO_MEMORY)};
}

static paddr_result_t allocator_frame_take(const core_t *core) {
  const gate_result_t result = upcall_pass(core->upcalls.frame_allocate, 0, 1, 0);
  return (paddr_result_t){.status = {(uint32_t)result.rax}, .value = {result.rdx}};
}

paddr_result_t frame_obtain(void) {
  core_t *core = core_current();
  const paddr_result_t frame = core->donated ? allocator_frame_take(core) : boot_frame_take(core);
  if (!status_is_ok(frame.status)) return (paddr_result_t){.status = ERR(NO_MEMORY)};
  __atomic_fetch_add(&core->frames_taken, 1, __ATOMIC_RELAXED);
  return frame;
}

status_t frames_ensure(uint64_t count) {
  const core_t *core = core_current();
  while (core->reserve_count < count) {
    const paddr_result_t frame = frame_obtain();
    TRY(frame.status);
    core_frame_give(frame.value);
  }
  return OK;
}

void frames_trim(void) {
  core_t *core = core_current();
  while (core->donated && core->reserve_count > kReserveLevel) {
    const paddr_result_t frame = core_frame_take();
    if (!status_is_ok(frame.status)) return;
    const gate_result_t result = upcall_pass(core->upcalls.frame_free, 0, frame.value.bytes, 1);
    if ((uint32_t)result.rax != STATUS_OK) {
      core_frame_give(frame.value);
      return;
    }
    __atomic_fetch_sub(&core->frames_taken, 1, __ATOMIC_RELAXED);
  }
}

// A frame in the reserve begins with the address of the next one.
static paddr_t *next_of(paddr_t frame) { return physical_pointer(frame); }

paddr_result_t core_frame_take(void) {
  core_t *core = core_current();
  const uint64_t flags = leaf_lock(&core->reserve_lock);
  paddr_result_t result = {.status = ERR(NO_MEMORY)};
  if (core->reserve_count > 0) {
    result = (paddr_result_t){.value = core->reserve};
    core->reserve = *next_of(core->reserve);
    core->reserve_count--;
  }
  leaf_unlock(&core->reserve_lock, flags);
  return result;
}

void core_frame_give(paddr_t frame) {
  core_t *core = core_current();
  const uint64_t flags = leaf_lock(&core->reserve_lock);
  *next_of(frame) = core->reserve;
  core->reserve = frame;
  core->reserve_count++;
  leaf_unlock(&core->reserve_lock, flags);
}

void core_frame_retire(paddr_t frame) {
  core_t *core = core_current();
  *next_of(frame) = core->retired;
  core->retired = frame;
}

void frames_flush(void) {
  core_t *core = core_current();
  if (core->retired.bytes == 0) return;
  processors_flush();
  while (core->retired.bytes != 0) {
    const paddr_t frame = core->retired;
    core->retired = *next_of(frame);
    core_frame_give(frame);
  }
}
