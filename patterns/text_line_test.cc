// SPDX-License-Identifier: MIT
#include "patterns/text_line.h"

#include <gtest/gtest.h>

#include <string>

namespace {

std::string View(const text_line_t &line) {
  const text_t view = text_line_view(&line);
  return std::string(view.data, view.length);
}

TEST(TextLineTest, Pieces_OfEachKind_FollowEachOther) {
  text_line_t line = {};
  EXPECT_EQ(View(line), "");
  text_line_text(&line, TEXT("table at "));
  text_line_hexadecimal(&line, 0x7fe0);
  text_line_text(&line, TEXT(", "));
  text_line_decimal(&line, 120);
  EXPECT_EQ(View(line), "table at 0x7fe0, 120");
}

TEST(TextLineTest, Text_TooLong_IsCut) {
  text_line_t line = {};
  for (int i = 0; i < 40; i++) text_line_text(&line, TEXT("12345"));
  text_line_decimal(&line, 7);
  EXPECT_EQ(View(line).size(), static_cast<size_t>(kTextLineBytes));
}

}  // namespace
