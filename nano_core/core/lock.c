// SPDX-License-Identifier: MIT
#include "nano_core/core/lock.h"

#include "nano_core/core/core.h"
#include "nano_core/processor/processor.h"
#include "nano_core/task/task.h"

// Preemption is held off, so this processor stays the one that it is.
static bool is_mine(const core_t *core, const cpu_t *cpu) {
  return __atomic_load_n(&core->lock_owner, __ATOMIC_RELAXED) == cpu;
}

static void own(core_t *core, cpu_t *cpu) {
  __atomic_store_n(&core->lock_owner, cpu, __ATOMIC_RELAXED);
  core->lock_depth = 1;
}

void core_lock(void) {
  core_hold();
  cpu_t *cpu = cpu_current();
  core_t *core = cpu->core;
  if (is_mine(core, cpu)) {
    core->lock_depth++;
    return;
  }
  const uint32_t ticket = ticket_draw(&core->lock.next);
  while (!ticket_is_served(&core->lock.serving, ticket)) processor_wait(cpu);
  own(core, cpu);
}

bool core_try_lock(void) {
  core_hold();
  cpu_t *cpu = cpu_current();
  core_t *core = cpu->core;
  if (is_mine(core, cpu)) {
    core->lock_depth++;
    return true;
  }
  uint32_t ticket = __atomic_load_n(&core->lock.serving, __ATOMIC_ACQUIRE);
  // Free: nobody has drawn the ticket that is served.
  if (__atomic_compare_exchange_n(&core->lock.next, &ticket, ticket + 1, false, __ATOMIC_ACQUIRE,
                                  __ATOMIC_RELAXED)) {
    own(core, cpu);
    return true;
  }
  core_release();
  return false;
}

void core_unlock(void) {
  core_t *core = core_current();
  if (--core->lock_depth == 0) {
    __atomic_store_n(&core->lock_owner, nullptr, __ATOMIC_RELAXED);
    ticket_leave(&core->lock.serving);
  }
  core_release();
  preempt_point();
}

bool core_may_lock(void) {
  const uint64_t flags = cpu_flags_save();
  const cpu_t *cpu = cpu_current();
  const bool may = cpu->interrupt_depth == 0 && cpu->held_top == &cpu->held[1];
  cpu_flags_restore(flags);
  return may;
}
