// SPDX-License-Identifier: MIT
#include "cells/font/font.h"

#include "cells/font/glyphs.h"

enum { kReplacement = 0xfffd };

static_assert(sizeof(kFontRows[0]) == sizeof(font_glyph_t), "a glyph is 16 rows of 8 pixels");

// The place of a code point in kFontRows, or the number of glyphs.
static size_t find(uint32_t code_point) {
  size_t before = 0;
  for (size_t i = 0; i < COUNT_OF(kFontRanges); i++) {
    const uint32_t first = kFontRanges[i][0];
    const uint32_t last = kFontRanges[i][1];
    if (code_point < first) break;
    if (code_point <= last) return before + (code_point - first);
    before += last - first + 1;
  }
  return COUNT_OF(kFontRows);
}

status_t font_glyph(uint32_t code_point, font_glyph_t *glyph) {
  size_t place = find(code_point);
  if (place == COUNT_OF(kFontRows)) place = find(kReplacement);
  if (place == COUNT_OF(kFontRows)) return ERR(INTERNAL);
  __builtin_memcpy(glyph->rows, kFontRows[place], sizeof(glyph->rows));
  return OK;
}
