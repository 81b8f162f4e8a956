// SPDX-License-Identifier: MIT
// Writing to the undo log, and its end.
#include "nano_core/core/core.h"
#include "nano_core/task/task.h"
#include "nano_core/task/undo.h"

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
  const uint64_t trailer = cpu->undo_top + undo_padded(bytes);
  __builtin_memcpy((void *)cpu->undo_top, place, bytes);
  *(undo_entry_t *)trailer = (undo_entry_t){(uint64_t)(uintptr_t)place, bytes << 1 | 1};
  __atomic_store_n(&cpu->undo_top, trailer + sizeof(undo_entry_t), __ATOMIC_RELEASE);
}

static bool is_behind(const mapping_t *log, uint64_t address) {
  const uint64_t end = log->start.bytes + log->pages * kFrameBytes;
  return address >= end && address < end + kFrameBytes;
}

bool undo_log_is_full(const cpu_t *cpu, uint64_t address) {
  return is_behind(&cpu->stacks[kCpuStackUndo], address) ||
         is_behind(&cpu->stacks[kCpuStackInterruptUndo], address);
}
