// SPDX-License-Identifier: MIT
/// @file
/// Words of a line: what stands between blanks.
/// @spill none
#pragma once
#include "nano_core/api/span.h"

/// The `index`-th word; empty past the last.
__attribute__((noinline)) static inline text_t words_at(text_t line, size_t index) {
  size_t start = 0;
  for (size_t word = 0; start < line.length; word++) {
    while (start < line.length && *text_at(line, start) == ' ') start++;
    size_t end = start;
    while (end < line.length && *text_at(line, end) != ' ') end++;
    if (word == index) return text_slice(line, start, end - start);
    start = end;
  }
  return TEXT("");
}

/// How many there are.
static inline size_t words_count(text_t line) {
  size_t count = 0;
  while (words_at(line, count).length != 0) count++;
  return count;
}
