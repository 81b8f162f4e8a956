// SPDX-License-Identifier: MIT
/// @file
/// What the processors ask of each other: to stop for a commit, to forget translations, to look for
/// work. Asking is a flag in memory and an interrupt; whoever waits with interrupts off looks at
/// the flag by itself (processor_wait), and a processor that sleeps need not be asked at all: it
/// looks before it does anything else.
#pragma once
#include "nano_core/core/core.h"

/// One turn of a wait for a lock: pauses, and answers the other processors.
/// @context  preemption held off
void processor_wait(cpu_t *cpu);

/// Does what other processors have asked for: forgets translations, stays parked.
/// @context  interrupts off, at a safe point
void processor_answer(cpu_t *cpu);

/// Whether there is anything to answer.
static inline bool processor_is_asked(const cpu_t *cpu) {
  const core_t *core = cpu->core;
  return __atomic_load_n(&core->flush_wanted, __ATOMIC_ACQUIRE) != cpu->flush_seen ||
         __atomic_load_n(&core->parking, __ATOMIC_ACQUIRE) != 0;
}

/// Counts the moments at which no cell was on any stack of the processor: between two steps, and in
/// its root loop.
static inline uint64_t processor_passes(const cpu_t *cpu) {
  return __atomic_load_n(&cpu->passes, __ATOMIC_ACQUIRE) +
         __atomic_load_n(&cpu->steps, __ATOMIC_ACQUIRE);
}

/// Parks all other processors at safe points: none is between the reading of a slot and the
/// publication of its frame, or inside a piece of code with interrupts off.
/// @context  core_lock; turns interrupts off until processors_release
void processors_park(void);
void processors_release(void);

/// Has every processor forget all translations. When it returns, none uses a page that was unmapped
/// before.
/// @context  core_lock
void processors_flush(void);

/// Sleeps until an interrupt, unless `has_work` finds something to do. Interrupts are off on entry
/// and on return.
void processor_sleep(cpu_t *cpu, bool (*has_work)(const core_t *core));

/// What an interrupt does first on a processor that slept.
void processor_awake(cpu_t *cpu);

/// Wakes a processor that sleeps, if there is one.
/// @context  any
void processor_wake_one(void);

/// Has every other processor that runs a task come to its root as soon as it may.
/// @context  any
void processors_preempt(void);
