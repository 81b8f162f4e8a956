// SPDX-License-Identifier: MIT
#include "patterns/edit_distance.h"

#include <gtest/gtest.h>

#include <string>

namespace {

size_t Distance(const std::string &a, const std::string &b) {
  const size_t there = edit_distance({a.data(), a.size()}, {b.data(), b.size()});
  EXPECT_EQ(there, edit_distance({b.data(), b.size()}, {a.data(), a.size()})) << a << " " << b;
  return there;
}

TEST(EditDistanceTest, Distance_Edits_AreCounted) {
  EXPECT_EQ(Distance("swap", "swap"), 0u);
  EXPECT_EQ(Distance("swap", "swp"), 1u) << "missing";
  EXPECT_EQ(Distance("swap", "swaap"), 1u) << "too many";
  EXPECT_EQ(Distance("swap", "swop"), 1u) << "wrong";
  EXPECT_EQ(Distance("swap", "sawp"), 1u) << "exchanged";
  EXPECT_EQ(Distance("kitten", "sitting"), 3u);
  EXPECT_EQ(Distance("", "abc"), 3u);
  EXPECT_EQ(Distance("", ""), 0u);
}

TEST(EditDistanceTest, Distance_LongWords_AreCut) {
  EXPECT_EQ(Distance(std::string(1000, 'x'), std::string(50, 'x')), 0u);
  EXPECT_EQ(Distance(std::string(1000, 'x'), ""), static_cast<size_t>(kEditDistanceLetters));
}

}  // namespace
