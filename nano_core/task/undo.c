// SPDX-License-Identifier: MIT
#include "nano_core/task/undo.h"

enum { kWordBytes = 8 };

static uint64_t padded(uint64_t bytes) {
  return (bytes + kWordBytes - 1) & ~(uint64_t)(kWordBytes - 1);
}

// Inside a monitor this processor stays the same; where it may not be, nothing is kept.
static cpu_t *cpu_inside(void) {
  core_hold();
  cpu_t *cpu = cpu_current();
  const bool inside = cpu->undo_top >= cpu->level.log;
  core_release();
  return inside ? cpu : nullptr;
}

// A fault on the way, be it that the log is full, finds an entry that is not counted yet.
void undo_log_range(const void *place, size_t bytes) {
  cpu_t *cpu = cpu_inside();
  if (cpu == nullptr) return;
  const uint64_t trailer = cpu->undo_top + padded(bytes);
  __builtin_memcpy((void *)cpu->undo_top, place, bytes);
  *(undo_entry_t *)trailer = (undo_entry_t){(uint64_t)(uintptr_t)place, bytes << 1 | 1};
  __atomic_store_n(&cpu->undo_top, trailer + sizeof(undo_entry_t), __ATOMIC_RELEASE);
}

// @returns  where the entry began
static uint64_t undo_last(uint64_t top) {
  const undo_entry_t *last = (const undo_entry_t *)(top - sizeof(undo_entry_t));
  if ((last->place & 1) == 0) {
    *(uint64_t *)last->place = last->before;
    return top - sizeof(undo_entry_t);
  }
  const uint64_t bytes = last->place >> 1;
  const uint64_t start = top - sizeof(undo_entry_t) - padded(bytes);
  __builtin_memcpy((void *)last->before, (const void *)start, bytes);
  return start;
}

void undo_run(uint64_t mark, uint64_t top) {
  while (top > mark) top = undo_last(top);
}

static bool is_behind(const mapping_t *log, uint64_t address) {
  const uint64_t end = log->start.bytes + log->pages * kFrameBytes;
  return address >= end && address < end + kFrameBytes;
}

bool undo_log_is_full(const cpu_t *cpu, uint64_t address) {
  return is_behind(&cpu->stacks[kCpuStackUndo], address) ||
         is_behind(&cpu->stacks[kCpuStackInterruptUndo], address);
}
