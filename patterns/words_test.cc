// SPDX-License-Identifier: MIT
#include "patterns/words.h"

#include <gtest/gtest.h>

#include <string>

namespace {

std::string At(const std::string &line, size_t index) {
  const text_t word = words_at({line.data(), line.size()}, index);
  return std::string(word.data, word.length);
}

size_t Count(const std::string &line) { return words_count({line.data(), line.size()}); }

TEST(WordsTest, At_ManyBlanks_AreSkipped) {
  EXPECT_EQ(At("  a  bc d", 0), "a");
  EXPECT_EQ(At("  a  bc d", 1), "bc");
  EXPECT_EQ(At("  a  bc d", 2), "d");
  EXPECT_EQ(At("  a  bc d", 3), "");
  EXPECT_EQ(At("a ", 1), "");
}

TEST(WordsTest, Count_Lines_AreCounted) {
  EXPECT_EQ(Count(""), 0u);
  EXPECT_EQ(Count("   "), 0u);
  EXPECT_EQ(Count(" a  bc "), 2u);
}

}  // namespace
