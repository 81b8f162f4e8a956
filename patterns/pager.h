// SPDX-License-Identifier: MIT
/// @file
/// Holds text up when a page is full. The owner prints what pager_take gives it, in whole lines,
/// and asks the reader where that is less than all.
/// @spill none: everything stands in the owner's pager_t.
#pragma once
#include "nano_core/api/span.h"

typedef struct pager {
  uint32_t rows;     // of the terminal; 0: nothing is held up
  uint32_t columns;  // of the terminal; 0: lines are never broken
  uint32_t used;     // rows of this page
  uint32_t owed;     // lines that go out whatever is used
} pager_t;

/// What the reader wants.
enum pager_answer { kPagerNothing, kPagerGoOn, kPagerEnd };

/// Begins the first page on a terminal of this size.
static inline pager_t pager_start(uint32_t rows, uint32_t columns) {
  const pager_t pager = {rows, columns, 0, 1};
  return pager;
}

/// The length of the first line of `text`, its line feed included.
static inline size_t pager_line_length(text_t text) {
  for (size_t i = 0; i < text.length; i++) {
    if (*text_at(text, i) == '\n') return i + 1;
  }
  return text.length;
}

/// Counts a line of `length` characters that goes out in any case.
static inline void pager_count(pager_t *pager, size_t length) {
  const size_t broken = pager->columns == 0 || length == 0 ? 0 : (length - 1) / pager->columns;
  pager->used += (uint32_t)(1 + broken);
}

/// How many characters of `text` go onto this page: whole lines. The last row of the terminal is
/// kept free for the question; a line that is longer than a page goes out all the same.
static inline size_t pager_take(pager_t *pager, text_t text) {
  size_t taken = 0;
  while (taken < text.length) {
    const text_t rest = text_slice(text, taken, text.length - taken);
    const size_t length = pager_line_length(rest);
    const bool ended = *text_at(rest, length - 1) == '\n';
    pager_t after = *pager;
    pager_count(&after, ended ? length - 1 : length);
    if (pager->rows != 0 && pager->owed == 0 && after.used >= pager->rows) break;
    if (after.owed > 0) after.owed--;
    *pager = after;
    taken += length;
  }
  return taken;
}

/// Deals with a key of the reader: blank: another page, Enter: another line, `a`: all the rest
/// without a stop, `q` or ctrl-c: no more.
static inline enum pager_answer pager_answer(pager_t *pager, uint32_t key) {
  switch (key) {
    case ' ':
      *pager = pager_start(pager->rows, pager->columns);
      return kPagerGoOn;
    case '\r':
    case '\n':
      pager->owed = 1;
      return kPagerGoOn;
    case 'a':
      pager->rows = 0;
      return kPagerGoOn;
    case 'q':
    case 0x03:
      return kPagerEnd;
    default:
      return kPagerNothing;
  }
}
