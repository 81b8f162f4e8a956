// SPDX-License-Identifier: MIT
#include "nano_core/task/undo.h"

enum { kWordBytes = 8, kThreeWords = 2 };

// @returns  where the entry began
static uint64_t undo_words(uint64_t place, uint64_t words, uint64_t end) {
  const uint64_t start = end - words * kWordBytes;
  __builtin_memcpy((void *)place, (const void *)start, words * kWordBytes);
  return start;
}

static uint64_t undo_last(uint64_t top) {
  const undo_entry_t *last = (const undo_entry_t *)(top - sizeof(undo_entry_t));
  const uint64_t kind = last->place % kWordBytes;
  if (kind == 0) return undo_words(last->place, 1, top - kWordBytes);
  if (kind == kThreeWords) return undo_words(last->place - kind, 3, top - kWordBytes);
  const uint64_t bytes = last->place >> 1;
  const uint64_t start = top - sizeof(undo_entry_t) - undo_padded(bytes);
  __builtin_memcpy((void *)last->before, (const void *)start, bytes);
  return start;
}

void undo_run(uint64_t mark, uint64_t top) {
  while (top > mark) top = undo_last(top);
}
