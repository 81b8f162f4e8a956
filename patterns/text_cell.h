// SPDX-License-Identifier: MIT
/// @file
/// What a terminal and the displays below it say to each other: coloured characters in a grid.
#pragma once
#include "nano_core/api/span.h"
#include "nano_core/api/types.h"

/// The sixteen colours of terminals, in the order of their escape sequences. The upper eight are
/// the lower ones, brighter.
enum text_colour {
  kTextBlack,
  kTextRed,
  kTextGreen,
  kTextBrown,
  kTextBlue,
  kTextMagenta,
  kTextCyan,
  kTextGrey,
  kTextBright = 8,
  kTextColours = 16,
};

/// Stands for a character that cannot be shown.
enum { kTextReplacement = 0xfffd };

/// One character with its colours. All zero is no character: nothing is known to be shown there.
typedef struct text_cell {
  uint32_t bits;  // code point, 16 bits; foreground, 4; background, 4
} text_cell_t;

SPAN_DEFINE(text_cells, const text_cell_t);

/// A size in characters.
typedef struct text_size {
  uint32_t columns;
  uint32_t rows;
} text_size_t;

/// A place in a grid, from 0 on.
typedef struct text_place {
  uint32_t row;
  uint32_t column;
} text_place_t;

/// A cell. Code points that do not fit in 16 bits become the replacement; of the colours, four bits
/// count.
static inline text_cell_t text_cell(uint32_t character, uint32_t foreground, uint32_t background) {
  const uint32_t known = character <= UINT16_MAX ? character : (uint32_t)kTextReplacement;
  const text_cell_t cell = {known | (foreground & 0xf) << 16 | (background & 0xf) << 20};
  return cell;
}

static inline uint32_t text_cell_character(text_cell_t cell) { return cell.bits & 0xffff; }

static inline uint32_t text_cell_foreground(text_cell_t cell) { return cell.bits >> 16 & 0xf; }

static inline uint32_t text_cell_background(text_cell_t cell) { return cell.bits >> 20 & 0xf; }

static inline bool text_cell_equal(text_cell_t a, text_cell_t b) { return a.bits == b.bits; }

/// The same character with its colours exchanged.
static inline text_cell_t text_cell_reversed(text_cell_t cell) {
  return text_cell(text_cell_character(cell), text_cell_background(cell),
                   text_cell_foreground(cell));
}
