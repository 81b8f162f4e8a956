// SPDX-License-Identifier: MIT
/// @file
/// What keeps nano_core's data whole while several processors work on it.
///
/// | lock           | guards                                                        | while waiting
/// | | -------------- | ------------------------------------------------------------- |
/// ------------- | | core_lock      | instances, interfaces, references made, blobs, requests, page
/// tables | answers other processors | | leaf locks     | one small table each: reserve, tasks and
/// events, log, trace   | nothing       |
///
/// Order: core_lock, then a monitor of a cell that is called meanwhile, then a leaf lock. Nobody
/// takes core_lock in an interrupt handler or inside a monitor, and nobody calls a cell, or takes
/// another lock, inside a leaf lock.
#pragma once
#include "nano_core/arch/cpu.h"
#include "nano_core/arch/ticket_lock.h"

/// Takes the lock, as often as wanted on one processor, and holds off preemption until the matching
/// core_unlock.
/// @context  root and steps; in no monitor
void core_lock(void);
void core_unlock(void);

/// The same where nobody else has it.
/// @returns  whether it was taken
bool core_try_lock(void);

/// Whether the calling processor may take core_lock here: not in a handler, not in a monitor.
bool core_may_lock(void);

/// Takes a leaf lock, interrupts off.
/// @returns  the flags for leaf_unlock
static inline uint64_t leaf_lock(ticket_lock_t *lock) {
  const uint64_t flags = cpu_flags_save();
  const uint32_t ticket = ticket_draw(&lock->next);
  while (!ticket_is_served(&lock->serving, ticket)) cpu_pause();
  return flags;
}

static inline void leaf_unlock(ticket_lock_t *lock, uint64_t flags) {
  ticket_leave(&lock->serving);
  cpu_flags_restore(flags);
}
