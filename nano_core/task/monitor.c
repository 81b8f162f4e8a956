// SPDX-License-Identifier: MIT
#include "nano_core/api/monitor.h"

#include "nano_core/arch/cpu.h"
#include "nano_core/arch/ticket_lock.h"
#include "nano_core/core/core.h"
#include "nano_core/fault/record.h"
#include "nano_core/processor/processor.h"
#include "nano_core/task/task.h"
#include "nano_core/task/undo.h"

// The counters of a monitor are written by nano_core only; a blob is constant to its cells.
static monitor_t *writable(const monitor_t *monitor) { return (monitor_t *)(uintptr_t)monitor; }

// What is not the usual way keeps the registers, so that the usual way need not.
#define SELDOM __attribute__((noinline, cold, preserve_most))

SELDOM static void await_turn(const monitor_t *monitor, cpu_t *cpu, uint32_t ticket) {
  while (!ticket_is_served(&monitor->serving, ticket)) processor_wait(cpu);
}

// A monitor that this level has entered before and is not out of yet; `end`: there is none.
static held_monitor_t *find_held(const cpu_t *cpu, const monitor_t *monitor, held_monitor_t *end) {
  held_monitor_t *held = cpu->level.held;
  while (held != end && held->monitor != monitor) held++;
  return held;
}

bool monitor_is_of(const instance_t *instance, const monitor_t *monitor) {
  const core_t *core = core_current();
  for (uint64_t i = 0; instance != nullptr && i < instance->state_count; i++) {
    const mapping_t *blob = &core->blobs[instance->blobs[i]].memory;
    const uint64_t offset = (uint64_t)(uintptr_t)monitor - blob->start.bytes;
    if (offset < blob->pages * kFrameBytes) return true;
  }
  return false;
}

// Whether the call that entered a monitor has returned: its frame is gone, or another cell's by
// now. Whoever has entered a monitor since has noticed, so nothing was changed after it.
static bool is_left_behind(const cpu_t *cpu, const held_monitor_t *held) {
  const gate_frame_t *frame = (const gate_frame_t *)(held->gate_top - FRAME_BYTES);
  return held->gate_top > cpu->gate_top || !monitor_is_of(frame->instance, held->monitor);
}

// Leaves them; interrupts are as they were before the call.
static void leave_what_is_behind(const cpu_t *cpu) {
  uint64_t flags = cpu_flags_save();
  for (const held_monitor_t *held = cpu->level.held; held != cpu->held_top; held++) {
    if (held->monitor->interrupts != 0) flags |= held->flags & kFlagInterrupts;
  }
  fault_leave_held();
  cpu_flags_restore(flags);
}

// Inside of another one: one that was left, and is locked still, is taken up again.
// @param held  the place that was reserved for it
// @returns     whether it is entered now
SELDOM static bool enter_again(const monitor_t *monitor, cpu_t *cpu, held_monitor_t *held)
    __attribute__((no_thread_safety_analysis)) {
  if (is_left_behind(cpu, cpu->level.held)) {
    cpu->held_top = held;
    core_release();
    leave_what_is_behind(cpu);
    monitor_enter(monitor);
    return true;
  }
  held_monitor_t *before = find_held(cpu, monitor, held);
  if (before == held && held != &cpu->held[kHeldMonitors + 1]) {
    held->undo_mark = cpu->undo_top;
    return false;
  }
  cpu->held_top = held;
  core_release();
  if (before == held || before->left == 0) TRAP();
  before->left = 0;
  return true;
}

// From the first line on preemption is held off. A handler may come in between any two; it leaves
// the list as it finds it, from the place on that is reserved by the third.
void monitor_enter(const monitor_t *monitor) __attribute__((no_thread_safety_analysis)) {
  core_hold();
  cpu_t *cpu = cpu_current();
  held_monitor_t *held = cpu->held_top++;
  if (__builtin_expect(held == cpu->level.held, 1)) {
    cpu->undo_top = cpu->level.log;
  } else if (enter_again(monitor, cpu, held)) {
    return;
  }
  held->monitor = monitor;
  held->gate_top = cpu->gate_top;
  if (monitor->interrupts != 0) held->flags = cpu_flags_save();
  const uint32_t ticket = ticket_draw(&writable(monitor)->next);
  if (!ticket_is_served(&monitor->serving, ticket)) await_turn(monitor, cpu, ticket);
}

// A handler that comes in between enters monitors on top of the list, and is out of them again
// when it is done; so what is read from the list is read before it is popped.
static inline void unlock(cpu_t *cpu, held_monitor_t *held, const monitor_t *monitor) {
  ticket_leave(&writable(monitor)->serving);
  cpu->held_top = held;
  __atomic_signal_fence(__ATOMIC_RELEASE);  // from the next store on the task may be preempted
  cpu->hold_count--;
}

// @returns  the processor's flags from before it held interrupts off; 0: it did not
static uint64_t unlock_last(cpu_t *cpu) {
  held_monitor_t *held = cpu->held_top - 1;
  const uint64_t flags = held->monitor->interrupts != 0 ? held->flags : 0;
  held->left = 0;
  unlock(cpu, held, held->monitor);
  return flags;
}

// The one store by which what was changed holds, as long as this processor is still inside.
static void keep_changes(cpu_t *cpu) {
  __atomic_store_n(&cpu->undo_top, cpu->level.outside, __ATOMIC_RELEASE);
}

static bool is_inside_any(const cpu_t *cpu) {
  for (const held_monitor_t *held = cpu->level.held; held != cpu->held_top; held++) {
    if (held->left == 0) return true;
  }
  return false;
}

static void restore(uint64_t flags) {
  if ((flags & kFlagInterrupts) != 0) cpu_interrupts_enable();
}

// One of several: they are unlocked together, with the last one that is left, since what was
// changed in any of them can be undone until then.
SELDOM static void leave_one_of_several(const monitor_t *monitor, cpu_t *cpu) {
  held_monitor_t *held = find_held(cpu, monitor, cpu->held_top);
  if (held == cpu->held_top || held->left != 0) TRAP();
  held->left = 1;
  if (is_inside_any(cpu)) return;
  keep_changes(cpu);
  uint64_t flags = 0;
  while (cpu->held_top != cpu->level.held) flags |= unlock_last(cpu);
  restore(flags);
}

SELDOM static void give_way(void) { preempt_point(); }

// Preemption is held off until the monitor is left, so this processor stays the same.
void monitor_exit(const monitor_t *monitor) __attribute__((no_thread_safety_analysis)) {
  cpu_t *cpu = cpu_current();
  held_monitor_t *held = cpu->held_top - 1;
  if (__builtin_expect(held != cpu->level.held, 0)) {
    leave_one_of_several(monitor, cpu);
  } else {
    if (held->monitor != monitor) TRAP();
    keep_changes(cpu);
    if (monitor->interrupts == 0) {
      unlock(cpu, held, monitor);
    } else {
      const uint64_t flags = held->flags;
      unlock(cpu, held, monitor);
      restore(flags);
    }
  }
  if (__builtin_expect(cpu->preempt_wanted != 0, 0)) give_way();
}

// What the monitors from this one on have changed is undone before anybody else comes in.
static void undo_from(cpu_t *cpu, const held_monitor_t *held) {
  const bool all = held == cpu->level.held;
  const uint64_t mark = all ? cpu->level.log : held->undo_mark;
  undo_run(mark, cpu->undo_top);
  cpu->undo_top = all ? cpu->level.outside : mark;
}

uint64_t monitors_release(uint64_t gate_first, uint64_t gate_end) {
  cpu_t *cpu = cpu_current();
  held_monitor_t *first = cpu->held_top;
  while (first != cpu->level.held && first[-1].gate_top >= gate_first &&
         first[-1].gate_top <= gate_end) {
    first--;
  }
  if (first == cpu->held_top) return 0;
  if (cpu->undo_top >= cpu->level.log) undo_from(cpu, first);
  uint64_t released = 0;
  for (; cpu->held_top != first; released++) unlock_last(cpu);
  return released;
}

bool monitors_hold_interrupts(void) {
  const cpu_t *cpu = cpu_current();
  for (const held_monitor_t *held = &cpu->held[1]; held != cpu->held_top; held++) {
    if (held->monitor->interrupts != 0) return true;
  }
  return false;
}
