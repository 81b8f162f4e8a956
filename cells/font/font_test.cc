// SPDX-License-Identifier: MIT
#include "cells/font/font.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace {

// A glyph as 16 rows of 8 bytes each.
std::string Glyph(uint32_t code_point) {
  font_glyph_t glyph;
  EXPECT_TRUE(status_is_ok(font_glyph(code_point, &glyph)));
  return {reinterpret_cast<const char *>(glyph.rows), sizeof(glyph.rows)};
}

TEST(FontTest, Glyph_LetterA_LooksLikeOne) {
  EXPECT_EQ(Glyph('A'),
            std::string("\x00\x00\x00\x00\x18\x24\x24\x42\x42\x7e\x42\x42\x42\x42\x00\x00", 16));
}

TEST(FontTest, Glyph_VerticalLine_ReachesBothEdges) {
  EXPECT_EQ(Glyph(0x2502), std::string(16, '\x08'));
  EXPECT_EQ(Glyph(0x2588), std::string(16, '\xff')) << "a full block";
}

TEST(FontTest, Glyph_Blanks_AreEmpty) {
  EXPECT_EQ(Glyph(' '), std::string(16, '\0'));
  EXPECT_EQ(Glyph(0xa0), std::string(16, '\0'));
}

TEST(FontTest, Glyph_EachOfItsCharacters_IsItsOwn) {
  std::set<std::string> glyphs;
  size_t count = 0;
  for (const auto &[first, last] : {std::pair{0x21, 0x7e}, {0xa1, 0xac}, {0xae, 0xff}}) {
    for (int c = first; c <= last; c++, count++) glyphs.insert(Glyph(static_cast<uint32_t>(c)));
  }
  // Nearly all: a font may draw the macron as it draws a dash of another height, but no two alike.
  EXPECT_EQ(glyphs.size(), count);
  EXPECT_EQ(glyphs.count(Glyph(0xfffd)), 0u);
}

TEST(FontTest, Glyph_OfOthers_IsTheReplacement) {
  const std::string replacement = Glyph(0xfffd);
  EXPECT_NE(replacement, std::string(16, '\0'));
  for (const uint32_t other : {0u, 0x1fu, 0x7fu, 0x9fu, 0xadu, 0x100u, 0x24ffu, 0x25a0u, 0xfffcu,
                               0xfffeu, 0x10000u, UINT32_MAX}) {
    EXPECT_EQ(Glyph(other), replacement) << std::hex << other;
  }
}

}  // namespace
