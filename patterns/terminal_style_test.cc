// SPDX-License-Identifier: MIT
#include "patterns/terminal_style.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace {

bool IsHeader(const std::string &line) {
  return terminal_style_is_header({line.data(), line.size()});
}

TEST(TerminalStyleTest, Text_EachStyle_IsASequenceOfItsOwn) {
  std::set<std::string> seen;
  for (int i = kTerminalStylePlain; i <= kTerminalStyleReverse; i++) {
    const text_t text = terminal_style_text(static_cast<enum terminal_style>(i));
    const std::string sequence(text.data, text.length);
    EXPECT_EQ(sequence.substr(0, 2), "\x1b[");
    EXPECT_EQ(sequence.back(), 'm');
    EXPECT_TRUE(seen.insert(sequence).second);
  }
}

TEST(TerminalStyleTest, IsHeader_Capitals_AreOne) {
  EXPECT_TRUE(IsHeader("NAME  TEXT_BYTES\n"));
  EXPECT_FALSE(IsHeader("NAME  total\n"));
  EXPECT_FALSE(IsHeader("1..5\n"));
  EXPECT_FALSE(IsHeader("\n"));
  EXPECT_FALSE(IsHeader(""));
}

}  // namespace
