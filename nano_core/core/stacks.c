// SPDX-License-Identifier: MIT
#include "nano_core/core/stacks.h"

#include "nano_core/arch/paging.h"
#include "nano_core/memory/frames.h"
#include "nano_core/memory/mapping.h"

enum {
  kRootPages = 4,
  kLoaderPages = 8,
  kInterruptPages = 4,
  kExceptionPages = 2,
  kUndoPages = 28,  // as much as the largest screen needs, when it is cleared
};

static uint64_t pages_of(size_t stack) {
  switch (stack) {
    case kStackDevice - 1:
      return kInterruptPages;
    case kCpuStackRoot:
      return kRootPages;
    case kCpuStackLoader:
      return kLoaderPages;
    case kCpuStackInterruptGates:
    case kCpuStackRootGates:
      return kGatePages;
    case kCpuStackUndo:
      return kUndoPages;
    default:
      return kExceptionPages;
  }
}

static uint64_t top_of(const mapping_t *stack) {
  return stack->start.bytes + stack->pages * kFrameBytes;
}

static status_t create(mapping_t *stack, uint64_t pages) {
  TRY(frames_ensure(pages));
  return mapping_create(kAreaRecords, pages, kPageWritable, stack);
}

undo_level_t undo_level(cpu_t *cpu, enum cpu_stack stack) {
  const uint64_t start = cpu->stacks[stack].start.bytes;
  return (undo_level_t){.held = cpu->held_top, .log = start + kFrameBytes, .outside = start};
}

status_t stacks_create(cpu_t *cpu) {
  for (size_t i = 0; i < kCpuStacks; i++) {
    const status_t status = create(&cpu->stacks[i], pages_of(i));
    if (status_is_ok(status)) continue;
    stacks_destroy(cpu);
    return status;
  }
  cpu->root_stack = top_of(&cpu->stacks[kCpuStackRoot]);
  cpu->loader_stack = top_of(&cpu->stacks[kCpuStackLoader]);
  cpu->interrupt_gates = cpu->stacks[kCpuStackInterruptGates].start.bytes;
  cpu->root_gates = cpu->stacks[kCpuStackRootGates].start.bytes;
  cpu->gate_top = cpu->root_gates;
  cpu->level = undo_level(cpu, kCpuStackUndo);
  cpu->undo_top = cpu->level.outside;
  return OK;
}

void stacks_destroy(cpu_t *cpu) {
  for (size_t i = 0; i < kCpuStacks; i++) {
    if (cpu->stacks[i].pages > 0) mapping_destroy(&cpu->stacks[i]);
  }
}

void stacks_load(cpu_t *cpu) {
  uint64_t tops[kInterruptStacks];
  for (size_t i = 0; i < kInterruptStacks; i++) tops[i] = top_of(&cpu->stacks[i]);
  descriptors_load(&cpu->descriptors, tops);
}
