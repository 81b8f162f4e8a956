// SPDX-License-Identifier: MIT
/// @file
/// How far apart two words are, for "did you mean".
/// @spill   none
/// @source  Damerau, "A technique for computer detection and correction of spelling errors", 1964;
///          the variant in which no part is edited twice.
#pragma once
#include "nano_core/api/span.h"

enum { kEditDistanceLetters = 40 };

/// Distances of the prefixes of one word to all prefixes of the other.
typedef struct edit_distance_row {
  uint8_t at[kEditDistanceLetters + 1];
} edit_distance_row_t;

static inline uint8_t edit_distance_least(uint8_t a, uint8_t b) { return a < b ? a : b; }

/// One cell of the table: the row above, the one above that, and what stands left of it.
static inline uint8_t edit_distance_cell(text_t a, text_t b, size_t i, size_t j,
                                         const edit_distance_row_t *above,
                                         const edit_distance_row_t *above_two,
                                         const edit_distance_row_t *row) {
  const char x = *text_at(a, i - 1);
  const char y = *text_at(b, j - 1);
  uint8_t best = (uint8_t)(above->at[j - 1] + (x == y ? 0 : 1));
  best = edit_distance_least(best, (uint8_t)(above->at[j] + 1));
  best = edit_distance_least(best, (uint8_t)(row->at[j - 1] + 1));
  if (i > 1 && j > 1 && x == *text_at(b, j - 2) && y == *text_at(a, i - 2)) {
    best = edit_distance_least(best, (uint8_t)(above_two->at[j - 2] + 1));
  }
  return best;
}

/// The least number of letters that are missing, too many, wrong, or exchanged with their
/// neighbour. Of words with more than kEditDistanceLetters letters only those count.
static inline size_t edit_distance(text_t a, text_t b) {
  edit_distance_row_t above_two = {};
  edit_distance_row_t above = {};
  edit_distance_row_t row = {};
  if (a.length > kEditDistanceLetters) a = text_slice(a, 0, kEditDistanceLetters);
  if (b.length > kEditDistanceLetters) b = text_slice(b, 0, kEditDistanceLetters);
  for (size_t j = 0; j <= b.length; j++) row.at[j] = (uint8_t)j;
  for (size_t i = 1; i <= a.length; i++) {
    above_two = above;
    above = row;
    row.at[0] = (uint8_t)i;
    for (size_t j = 1; j <= b.length; j++) {
      row.at[j] = edit_distance_cell(a, b, i, j, &above, &above_two, &row);
    }
  }
  return row.at[b.length];
}
