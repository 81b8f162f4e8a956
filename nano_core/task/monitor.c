// SPDX-License-Identifier: MIT
#include "nano_core/api/monitor.h"

#include "nano_core/arch/cpu.h"
#include "nano_core/arch/ticket_lock.h"
#include "nano_core/core/core.h"
#include "nano_core/processor/processor.h"
#include "nano_core/task/task.h"

// The counters of a monitor are written by nano_core only; a blob is constant to its cells.
static monitor_t *writable(const monitor_t *monitor) { return (monitor_t *)(uintptr_t)monitor; }

// Apart, so that the usual way needs no frame.
__attribute__((noinline)) static void await_turn(cpu_t *cpu, const monitor_t *monitor,
                                                 uint32_t ticket) {
  while (!ticket_is_served(&monitor->serving, ticket)) processor_wait(cpu);
}

void monitor_enter(const monitor_t *monitor) __attribute__((no_thread_safety_analysis)) {
  const uint64_t flags = cpu_flags_save();
  cpu_t *cpu = cpu_current();
  held_monitor_t *held = cpu->held_top;
  if (held == &cpu->held[kHeldMonitors + 1]) TRAP();
  held->monitor = monitor;
  held->gate_top = cpu->gate_top;
  held->flags = flags;
  cpu->held_top = held + 1;
  cpu->hold_count++;
  if (monitor->interrupts == 0) cpu_flags_restore(flags);
  const uint32_t ticket = ticket_draw(&writable(monitor)->next);
  if (!ticket_is_served(&monitor->serving, ticket)) await_turn(cpu, monitor, ticket);
}

// A handler that comes in between enters monitors on top of the list, and is out of them again
// when it is done; so what is read from the list is read before it is popped.
static uint64_t leave(cpu_t *cpu, held_monitor_t *held) {
  const uint64_t flags = held->flags;
  ticket_leave(&writable(held->monitor)->serving);
  cpu->held_top = held;
  __atomic_signal_fence(__ATOMIC_RELEASE);  // from the next store on the task may be preempted
  cpu->hold_count--;
  return flags;
}

// Preemption is held off until the monitor is left, so this processor stays the same.
void monitor_exit(const monitor_t *monitor) __attribute__((no_thread_safety_analysis)) {
  cpu_t *cpu = cpu_current();
  held_monitor_t *held = cpu->held_top - 1;
  if (held->monitor != monitor) TRAP();
  const bool held_off = monitor->interrupts != 0;
  const uint64_t flags = leave(cpu, held);
  if (held_off && (flags & kFlagInterrupts) != 0) cpu_interrupts_enable();
  if (__builtin_expect(cpu->preempt_wanted != 0, 0)) preempt_point();
}

uint64_t monitors_release(uint64_t gate_first, uint64_t gate_end) {
  cpu_t *cpu = cpu_current();
  uint64_t released = 0;
  for (; cpu->held_top != &cpu->held[1]; released++) {
    held_monitor_t *held = cpu->held_top - 1;
    if (held->gate_top < gate_first || held->gate_top > gate_end) break;
    leave(cpu, held);
  }
  return released;
}

bool monitors_hold_interrupts(void) {
  const cpu_t *cpu = cpu_current();
  for (const held_monitor_t *held = &cpu->held[1]; held != cpu->held_top; held++) {
    if (held->monitor->interrupts != 0) return true;
  }
  return false;
}
