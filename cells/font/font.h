// SPDX-License-Identifier: MIT
/// @file
/// The glyphs of a legible bitmap font, 8 by 16 pixels each.
/// @spill   none: constants only.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum { kFontWidth = 8, kFontHeight = 16 };  // pixels

/// One character: rows from the top, in each the leftmost pixel is the most significant bit.
typedef struct font_glyph {
  uint8_t rows[kFontHeight];
} font_glyph_t;

/// The glyph of a character: printable ASCII, Latin-1, box drawing and block elements. Any other
/// code point has the glyph of U+FFFD, the replacement.
/// @context  any; never waits
CELL_EXPORT status_t font_glyph(uint32_t code_point, OUT font_glyph_t *glyph);

EXTERN_C_END
