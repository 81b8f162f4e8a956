// SPDX-License-Identifier: MIT
#include "nano_core/api/monitor.h"

#include "nano_core/arch/cpu.h"
#include "nano_core/arch/ticket_lock.h"
#include "nano_core/core/core.h"
#include "nano_core/processor/processor.h"
#include "nano_core/task/task.h"

// The counters of a monitor are written by nano_core only; a blob is constant to its cells.
static monitor_t *writable(const monitor_t *monitor) { return (monitor_t *)(uintptr_t)monitor; }

void monitor_enter(const monitor_t *monitor) __attribute__((no_thread_safety_analysis)) {
  const uint64_t flags = cpu_flags_save();
  cpu_t *cpu = cpu_current();
  if (cpu->held_count == kHeldMonitors) TRAP();
  cpu->hold_count++;
  cpu->held[cpu->held_count++] = (held_monitor_t){monitor, cpu->gate_top, flags};
  if (monitor->interrupts == 0) cpu_flags_restore(flags);
  const uint32_t ticket = ticket_draw(&writable(monitor)->next);
  while (!ticket_is_served(&monitor->serving, ticket)) processor_wait(cpu);
}

// Interrupts are off: a handler enters monitors of its own, on top of the same list.
static held_monitor_t leave(cpu_t *cpu) {
  const held_monitor_t held = cpu->held[--cpu->held_count];
  ticket_leave(&writable(held.monitor)->serving);
  cpu->hold_count--;
  return held;
}

void monitor_exit(const monitor_t *monitor) __attribute__((no_thread_safety_analysis)) {
  const uint64_t flags = cpu_flags_save();
  cpu_t *cpu = cpu_current();
  if (cpu->held_count == 0 || cpu->held[cpu->held_count - 1].monitor != monitor) TRAP();
  const held_monitor_t held = leave(cpu);
  cpu_flags_restore(monitor->interrupts != 0 ? held.flags : flags);
  preempt_point();
}

uint64_t monitors_release(uint64_t gate_first, uint64_t gate_end) {
  cpu_t *cpu = cpu_current();
  uint64_t released = 0;
  for (; cpu->held_count > 0; released++) {
    const uint64_t entered = cpu->held[cpu->held_count - 1].gate_top;
    if (entered < gate_first || entered > gate_end) break;
    leave(cpu);
  }
  return released;
}

bool monitors_hold_interrupts(void) {
  const cpu_t *cpu = cpu_current();
  for (uint64_t i = 0; i < cpu->held_count; i++) {
    if (cpu->held[i].monitor->interrupts != 0) return true;
  }
  return false;
}
