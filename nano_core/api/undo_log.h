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

/// The end of an entry. A place that is a multiple of 8: a word, and `before` is what it held; two
/// more than that: three words, and `before` is what the last one held; odd: any range. The log is
/// read from the top down (task/undo.h).
typedef struct undo_entry {
  uint64_t before;
  uint64_t place;
} undo_entry_t;

#if !__STDC_HOSTED__
typedef uint64_t __attribute__((may_alias)) undo_word_t;

typedef struct undo_words {
  undo_word_t words[3];
} undo_words_t;

/// Logs an aligned word.
/// @context  any; a full log ends the call with NO_MEMORY, and nothing is stored
/// @cost     six instructions
static inline void undo_log_word(const void *place) {
  uint64_t top;
  uint64_t word;
  __asm__ volatile(
      "movq %%gs:%c3, %0\n\tmovq %2, %1\n\tmovq %1, (%0)\n\tleaq %2, %1\n\tmovq %1, 8(%0)\n\t"
      "addq $16, %%gs:%c3"
      : "=&r"(top), "=&r"(word), "+m"(*(undo_word_t *)(uintptr_t)place)
      : "i"(kUndoTop)
      : "cc");
}

/// Logs the word around a scalar that is smaller.
static inline void undo_log_small(const void *place) {
  undo_log_word((const void *)((uint64_t)(uintptr_t)place & ~UINT64_C(7)));
}

/// Logs three aligned words.
/// @cost     ten instructions
static inline void undo_log_three(const void *place) {
  uint64_t top;
  uint64_t word;
  __asm__ volatile(
      "movq %%gs:%c4, %0\n\tmovq (%3), %1\n\tmovq %1, (%0)\n\tmovq 8(%3), %1\n\t"
      "movq %1, 8(%0)\n\tmovq 16(%3), %1\n\tmovq %1, 16(%0)\n\tleaq 2(%3), %1\n\t"
      "movq %1, 24(%0)\n\taddq $32, %%gs:%c4"
      : "=&r"(top), "=&r"(word), "+m"(*(undo_words_t *)(uintptr_t)place)
      : "r"(place), "i"(kUndoTop)
      : "cc");
}

/// Logs any range.
/// @context  as undo_log_word
CELL_DIRECT void undo_log_range(const void *place, size_t bytes);

/// Logs an object, whichever way is short.
#define UNDO_LOG(place)                                                                        \
  (UNDO_IS_WORDS(place, 1)   ? undo_log_word(place)                                            \
   : UNDO_IS_WORDS(place, 3) ? undo_log_three(place)                                           \
   : sizeof(*(place)) == _Alignof(__typeof__(*(place))) && sizeof(*(place)) < sizeof(uint64_t) \
       ? undo_log_small(place)                                                                 \
       : undo_log_range((place), sizeof(*(place))))
#define UNDO_IS_WORDS(place, words)                  \
  (sizeof(*(place)) == (words) * sizeof(uint64_t) && \
   _Alignof(__typeof__(*(place))) == sizeof(uint64_t))
#endif

EXTERN_C_END
