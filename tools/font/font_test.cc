// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tools/font/glyphs.h"
#include "tools/font/pf2.h"

namespace font {
namespace {

std::string Number(uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; i--) text.push_back(static_cast<char>(value >> (8 * i)));
  return text;
}

std::string Section(const std::string &name, const std::string &contents) {
  return name + Number(static_cast<uint32_t>(contents.size()), 4) + contents;
}

// A font of two characters: U+0041, three pixels in a corner, and a blank.
struct Builder {
  std::string magic = "PFF2";
  uint32_t ascent = 14;
  unsigned storage = 0;
  unsigned width = 3;
  unsigned height = 2;
  int left = 1;
  int bottom = -1;
  int advance = 8;
  std::string bits = std::string("\xd0", 1);  // ##. #..
  uint32_t second = 0x42;
  uint32_t shift = 0;  // of the places of characters

  std::string Head() const {
    return Section("FILE", magic) + Section("NAME", std::string("Small 16\0", 9)) +
           Section("ASCE", Number(ascent, 2)) + Section("DESC", Number(2, 2));
  }
  std::string First() const {
    return Number(width, 2) + Number(height, 2) + Number(static_cast<uint32_t>(left), 2) +
           Number(static_cast<uint32_t>(bottom), 2) + Number(static_cast<uint32_t>(advance), 2) +
           bits;
  }
  std::string Entry(uint32_t code_point, size_t place) const {
    return Number(code_point, 4) + Number(storage, 1) +
           Number(static_cast<uint32_t>(place) + shift, 4);
  }
  std::string Build() const {
    const size_t data = Head().size() + 8 + 18 + 8;
    return Head() + Section("CHIX", Entry(0x41, data) + Entry(second, data + First().size())) +
           "DATA" + Number(UINT32_MAX, 4) + First() + std::string(9, '\0') + '\x08';
  }
};

TEST(Pf2Test, Parse_SmallFont_HasItsCharacters) {
  const Font font = Parse(Builder().Build());
  EXPECT_EQ(font.error, "");
  EXPECT_EQ(font.name, "Small 16");
  EXPECT_EQ(font.ascent, 14);
  EXPECT_EQ(font.descent, 2);
  ASSERT_EQ(font.characters.size(), 2u);
  const Character &character = font.characters.at(0x41);
  EXPECT_EQ(character.left, 1);
  EXPECT_EQ(character.bottom, -1);
  EXPECT_TRUE(character.Pixel(0, 0) && character.Pixel(0, 1) && character.Pixel(1, 0));
  EXPECT_FALSE(character.Pixel(0, 2) || character.Pixel(1, 1) || character.Pixel(1, 2));
  EXPECT_FALSE(character.Pixel(2, 0) || character.Pixel(0, 3));
}

TEST(Pf2Test, Parse_BadFonts_AreRefusedByName) {
  const auto error = [](const Builder &builder) { return Parse(builder.Build()).error; };
  EXPECT_EQ(error({.magic = "PFF3"}), "not a PF2 font: FILE is not PFF2");
  EXPECT_EQ(error({.storage = 1}), "character 0x41 is compressed (0x1)");
  EXPECT_EQ(error({.width = 256}), "character 0x41 is 256 by 2 pixels");
  EXPECT_EQ(error({.height = 65535}), "character 0x41 is 3 by 65535 pixels");
  EXPECT_EQ(error({.width = 255, .height = 255}),
            "the bitmap of character 0x41 ends behind the file");
  EXPECT_EQ(error({.second = 0x41}), "character 0x41 is listed twice");
  EXPECT_EQ(error({.shift = 1000}), "character 0x41 lies behind the file");
  EXPECT_EQ(error({.shift = 0x80000000}), "character 0x41 lies behind the file");
}

TEST(Pf2Test, Parse_BadSections_AreRefusedByName) {
  const std::string head = Builder().Head();
  const std::string data = "DATA" + Number(UINT32_MAX, 4);
  EXPECT_EQ(Parse("").error, "there is no section DATA");
  EXPECT_EQ(Parse("FIL").error, "the file ends in the head of a section at 0x0");
  EXPECT_EQ(Parse(Section("NAME", "x")).error, "not a PF2 font: no section FILE at its start");
  EXPECT_EQ(Parse(head).error, "there is no section DATA");
  EXPECT_EQ(Parse(head + data).error, "no character is listed in a section CHIX");
  EXPECT_EQ(Parse(head + Section("CHIX", "12345678") + data).error,
            "section CHIX has 8 bytes, not a multiple of 9");
  EXPECT_EQ(Parse(head + Section("ASCE", "x") + data).error, "section ASCE has 1 bytes, not 2");
  EXPECT_EQ(Parse(head + "CHIX" + Number(UINT32_MAX, 4)).error,
            "section CHIX of 4294967295 bytes ends behind the file");
}

// Under the sanitizers this is what it is for: nothing is read behind the end.
TEST(Pf2Test, Parse_EveryCut_IsRefused) {
  const std::string whole = Builder().Build();
  for (size_t length = 0; length < whole.size(); length++) {
    EXPECT_NE(Parse(whole.substr(0, length)).error, "") << length;
  }
}

TEST(Pf2Test, Parse_EveryChangedByte_IsReadOrRefused) {
  const std::string whole = Builder().Build();
  for (size_t at = 0; at < whole.size(); at++) {
    for (const int value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(value);
      const Font font = Parse(changed);
      EXPECT_EQ(font.error.empty(), !font.characters.empty()) << at;
      Glyph glyph;
      for (const auto &[code_point, character] : font.characters) {
        EXPECT_EQ(Draw(font, code_point, &glyph).empty(),
                  character.advance == 8 && character.left >= 0 &&
                      character.left + int(character.width) <= 8 &&
                      font.ascent - character.bottom - int(character.height) >= 0 &&
                      font.ascent - character.bottom <= 16)
            << at;
      }
    }
  }
}

TEST(GlyphsTest, Draw_Offsets_PlaceTheBitmap) {
  const Font font = Parse(Builder().Build());
  Glyph glyph;
  EXPECT_EQ(Draw(font, 0x41, &glyph), "");
  Glyph wanted = {};
  wanted[13] = 0x60;  // top = 14 + 1 - 2
  wanted[14] = 0x40;
  EXPECT_EQ(glyph, wanted);
}

TEST(GlyphsTest, Draw_WhatDoesNotFit_IsRefused) {
  const auto refused = [](const Builder &builder) {
    Glyph glyph;
    return Draw(Parse(builder.Build()), 0x41, &glyph);
  };
  const std::string reason = "U+0041 does not fit into a cell of 8 by 16 pixels";
  EXPECT_EQ(refused({.advance = 16}), reason);
  EXPECT_EQ(refused({.left = -1}), reason);
  EXPECT_EQ(refused({.left = 6}), reason);
  EXPECT_EQ(refused({.left = 5}), "");
  EXPECT_EQ(refused({.bottom = -3}), reason);
  EXPECT_EQ(refused({.bottom = -2}), "");
  EXPECT_EQ(refused({.bottom = 13}), reason);
  EXPECT_EQ(refused({.bottom = 12}), "");
  Glyph glyph;
  EXPECT_EQ(Draw(Parse(Builder().Build()), 0x43, &glyph), "the font has no U+0043");
}

TEST(GlyphsTest, ParseRange_Forms_AreTold) {
  Range range;
  EXPECT_TRUE(ParseRange("20-7e", &range));
  EXPECT_EQ(range.first, 0x20u);
  EXPECT_EQ(range.last, 0x7eu);
  EXPECT_TRUE(ParseRange("FFFD", &range));
  EXPECT_EQ(range.first, 0xfffdu);
  EXPECT_EQ(range.last, 0xfffdu);
  for (const char *bad : {"", "-", "20-", "-20", "7e-20", "20-7e-80", "x", "20 ", "110000",
                          "1000000000000000000020"}) {
    EXPECT_FALSE(ParseRange(bad, &range)) << bad;
  }
  EXPECT_EQ(range.first, 0xfffdu) << "a bad one changes nothing";
}

TEST(GlyphsTest, WriteSource_TwoRanges_ListsThem) {
  const Source source = WriteSource(Parse(Builder().Build()), {{0x41, 0x41}, {0x42, 0x42}});
  EXPECT_EQ(source.error, "");
  EXPECT_NE(source.text.find("kFontRanges[2][2] = {\n    {0x0041, 0x0041},\n"), std::string::npos);
  EXPECT_NE(source.text.find("kFontRows[2][16] = {\n    {0x00, 0x00,"), std::string::npos);
  EXPECT_NE(source.text.find("0x60, 0x40, 0x00},  // U+0041\n"), std::string::npos);
}

TEST(GlyphsTest, WriteSource_BadRanges_AreRefused) {
  const Font font = Parse(Builder().Build());
  EXPECT_EQ(WriteSource(font, {}).error, "no range of characters is named");
  EXPECT_EQ(WriteSource(font, {{0x42, 0x42}, {0x41, 0x41}}).error,
            "range 41-41 does not come after 42-42");
  EXPECT_EQ(WriteSource(font, {{0x41, 0x43}}).error, "the font has no U+0043");
  EXPECT_EQ(WriteSource(font, {{0x41, 0x43}}).text, "");
}

TEST(GlyphsTest, Unifont_LetterA_LooksLikeOne) {
  std::ifstream file("external/grub/font/unicode.pf2", std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  const Font font = Parse(bytes.str());
  ASSERT_EQ(font.error, "");
  Glyph glyph;
  ASSERT_EQ(Draw(font, 'A', &glyph), "");
  EXPECT_EQ(glyph,
            (Glyph{0, 0, 0, 0, 0x18, 0x24, 0x24, 0x42, 0x42, 0x7e, 0x42, 0x42, 0x42, 0x42, 0, 0}));
}

}  // namespace
}  // namespace font
