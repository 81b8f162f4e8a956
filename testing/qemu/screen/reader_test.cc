// SPDX-License-Identifier: MIT
#include "testing/qemu/screen/reader.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace qemu {
namespace {

constexpr uint32_t kPaper = 0x000000;
constexpr uint32_t kInk = 0xaaaaaa;

std::string FileOf(const char *variable) {
  std::ostringstream text;
  text << std::ifstream(getenv(variable), std::ios::binary).rdbuf();
  return text.str();
}

Fonts TheFonts() {
  const auto framebuffer = ReadPf2(FileOf("FONT"));
  const auto text = ReadVgaRom(FileOf("TEXT_FONT"));
  EXPECT_TRUE(framebuffer.has_value());
  EXPECT_TRUE(text.has_value());
  return {framebuffer.value_or(Font{}), text.value_or(Font{})};
}

Picture Empty(unsigned width, unsigned height) {
  return {width, height, std::vector<uint32_t>(size_t{width} * height, kPaper)};
}

const Shape &ShapeOf(const Font &font, char character) {
  for (const auto &[shape, other] : font) {
    if (other == character) return shape;
  }
  throw std::out_of_range("no such character");
}

void Draw(Picture *picture, const Font &font, unsigned step, unsigned row, unsigned column,
          std::string_view text, uint32_t ink = kInk, uint32_t paper = kPaper) {
  for (const char character : text) {
    for (unsigned y = 0; y < 16; y++) {
      for (unsigned x = 0; x < step; x++) {
        const bool set =
            character != ' ' && x < 8 && (ShapeOf(font, character)[y] >> (7 - x) & 1) != 0;
        picture->pixels[size_t{row * 16 + y} * picture->width + column * step + x] =
            set ? ink : paper;
      }
    }
    column++;
  }
}

TEST(ReaderTest, ReadScreen_EveryCharacter_IsRecognised) {
  const Fonts fonts = TheFonts();
  std::string all;
  for (char character = ' '; character <= '~'; character++) all += character;
  Picture picture = Empty(1024, 768);
  Draw(&picture, fonts.framebuffer, 8, 3, 2, all);
  const auto rows = ReadScreen(picture, fonts);
  ASSERT_EQ(rows.size(), 48u);
  EXPECT_EQ(rows[3], "  " + all);
  EXPECT_EQ(rows[4], "");
}

TEST(ReaderTest, ReadScreen_TextMode_HasCellsOfNine) {
  const Fonts fonts = TheFonts();
  Picture picture = Empty(720, 400);
  Draw(&picture, fonts.text, 9, 24, 0, "[shell] ready");
  const auto rows = ReadScreen(picture, fonts);
  ASSERT_EQ(rows.size(), 25u);
  EXPECT_EQ(rows[24], "[shell] ready");
}

TEST(ReaderTest, ReadScreen_OtherColours_AreRead) {
  const Fonts fonts = TheFonts();
  Picture picture = Empty(640, 480);
  Draw(&picture, fonts.framebuffer, 8, 0, 0, "red", 0xaa0000);
  Draw(&picture, fonts.framebuffer, 8, 1, 0, "inverse", kPaper, kInk);
  const auto rows = ReadScreen(picture, fonts);
  EXPECT_EQ(rows[0], "red");
  EXPECT_EQ(rows[1], "inverse");
}

TEST(ReaderTest, ReadScreen_Illegible_IsQuestionMark) {
  const Fonts fonts = TheFonts();
  Picture picture = Empty(640, 480);
  Draw(&picture, fonts.framebuffer, 8, 0, 0, "ab");
  picture.pixels[7] = kInk;          // a speck
  picture.pixels[640 * 15 + 9] = 1;  // a third colour
  EXPECT_EQ(ReadScreen(picture, fonts)[0], "??");
  // Moved by one pixel, nothing can be read.
  picture = Empty(640, 480);
  Draw(&picture, fonts.framebuffer, 8, 0, 0, "theseus");
  picture.pixels.insert(picture.pixels.begin(), kPaper);
  picture.pixels.pop_back();
  EXPECT_EQ(ReadScreen(picture, fonts)[0].find("theseus"), std::string::npos);
}

TEST(ReaderTest, ReadVgaRom_Shapes_AreThoseOfTheCard) {
  const Shape letter = {0,    0,    0x10, 0x38, 0x6c, 0xc6, 0xc6, 0xfe,
                        0xc6, 0xc6, 0xc6, 0xc6, 0,    0,    0,    0};
  EXPECT_EQ(TheFonts().text.at(letter), 'A');
}

TEST(ReaderTest, ReadPf2_Shapes_StandOnTheBaseline) {
  const Shape letter = {0,    0,    0,    0,    0x18, 0x24, 0x24, 0x42,
                        0x42, 0x7e, 0x42, 0x42, 0x42, 0x42, 0,    0};
  EXPECT_EQ(TheFonts().framebuffer.at(letter), 'A');
}

TEST(ReaderTest, ReadPf2_Damaged_IsRefused) {
  const std::string whole = FileOf("FONT");
  ASSERT_TRUE(ReadPf2(whole).has_value());
  for (const size_t length : {0u, 3u, 12u, 200u, 2000u}) {
    EXPECT_FALSE(ReadPf2(std::string_view(whole).substr(0, length)).has_value()) << length;
  }
  std::string altered = whole;
  altered[whole.find("CHIX") + 4] = '\xff';
  EXPECT_FALSE(ReadPf2(altered).has_value());
  EXPECT_FALSE(ReadVgaRom(whole).has_value());
  EXPECT_FALSE(ReadVgaRom("").has_value());
}

TEST(ReaderTest, ParsePpm_ReadsWhatQemuWrites) {
  const auto picture = ParsePpm(std::string("P6\n2 1\n255\n") + "\x01\x02\x03\xff\xfe\xfd");
  ASSERT_TRUE(picture.has_value());
  EXPECT_EQ(picture->At(0, 0), 0x010203u);
  EXPECT_EQ(picture->At(1, 0), 0xfffefdu);
  for (const char *bad : {"", "P6", "P6\n2 1\n255\n12345", "P5\n1 1\n255\n1",
                          "P6\n2 x\n255\n123456", "P6\n1 1\n65535\n123456", "P6\n99999 1\n255\n"}) {
    EXPECT_FALSE(ParsePpm(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace qemu
