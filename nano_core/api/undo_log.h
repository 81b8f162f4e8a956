// SPDX-License-Identifier: MIT
/// @file
/// The undo log, as far as cells write it: what state held before each store inside a monitor, so
/// that a call that fails half-way leaves the state as it found it. state_set, state_copy and
/// state_clear write it (api/state.h); nobody else needs this header.
///
/// The log belongs to the processor: a monitor holds off preemption, and interrupt handlers have a
/// log of their own. It ends with the outermost monitor. An entry is written, counted, and only
/// then is the store made; so whatever comes in between finds it harmless. What is stored outside
/// of monitors goes to a place that nobody reads.
/// @spill none: the log is nano_core's.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/types.h"
EXTERN_C_BEGIN

/// Where in the processor's block, at gs:, the address of the next entry stands.
enum { kUndoTop = 0x38 };

/// What eight bytes of state held. A place that is a multiple of 8: `before` is what stood there.
/// An odd one: a range (task/undo.h).
typedef struct undo_entry {
  uint64_t before;
  uint64_t place;
} undo_entry_t;

#if !__STDC_HOSTED__
typedef uint64_t __attribute__((may_alias)) undo_word_t;

/// Logs the aligned eight bytes around a scalar that does not cross them.
/// @context  any; a full log ends the call with NO_MEMORY, and nothing is stored
/// @cost     six instructions
static inline void undo_log_word(const void *place) {
  undo_word_t *word = (undo_word_t *)((uint64_t)(uintptr_t)place & ~UINT64_C(7));
  undo_entry_t *top;
  __asm__ volatile("movq %%gs:%c1, %0" : "=r"(top) : "i"(kUndoTop));
  top->before = *word;
  top->place = (uint64_t)(uintptr_t)word;
  __asm__ volatile("addq %2, %%gs:%c3"
                   : "+m"(*top), "+m"(*word)
                   : "i"(sizeof(undo_entry_t)), "i"(kUndoTop)
                   : "cc");
}

/// Logs any range.
/// @context  as undo_log_word
CELL_DIRECT void undo_log_range(const void *place, size_t bytes);

/// Logs an object, whichever way is short.
#define UNDO_LOG(place)                                                                         \
  (sizeof(*(place)) <= sizeof(uint64_t) && sizeof(*(place)) == _Alignof(__typeof__(*(place))) \
       ? undo_log_word(place)                                                                   \
       : undo_log_range((place), sizeof(*(place))))
#endif

EXTERN_C_END
