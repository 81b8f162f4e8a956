// SPDX-License-Identifier: MIT
#include "patterns/bitmap.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

namespace {

// More than one word of summary.
constexpr uint64_t kBits = 64 * 70;

BITMAP_DEFINE(test_map, kBits);

class BitmapTest : public ::testing::Test {
 protected:
  bitmap_t Map() { return test_map_map(&bits_); }

  test_map_t bits_ = {};
};

TEST_F(BitmapTest, New_AllZero_IsClear) {
  EXPECT_TRUE(bitmap_is_clear(Map(), 0, kBits));
  EXPECT_EQ(bitmap_find(Map(), 0, kBits), kBits);
  EXPECT_EQ(bitmap_find_run(Map(), 0, kBits, 1), kBits);
}

TEST_F(BitmapTest, SetRange_AcrossWords_SetsExactlyThese) {
  bitmap_set_range(Map(), 60, 200);
  for (uint64_t bit = 0; bit < kBits; bit++) {
    ASSERT_EQ(bitmap_test(Map(), bit), bit >= 60 && bit < 260) << bit;
  }
  EXPECT_EQ(bitmap_find(Map(), 0, kBits), 60u);
  EXPECT_EQ(bitmap_find_clear(Map(), 60, kBits), 260u);
}

TEST_F(BitmapTest, Find_InTheLastWord_SkipsTheEmptyOnes) {
  bitmap_set_range(Map(), kBits - 1, 1);
  EXPECT_EQ(bitmap_find(Map(), 3, kBits), kBits - 1);
  EXPECT_EQ(bitmap_find(Map(), 3, kBits - 1), kBits - 1);
  EXPECT_EQ(bitmap_find(Map(), kBits, kBits), kBits);
}

TEST_F(BitmapTest, Find_BeyondEndInTheSameWord_IsEnd) {
  bitmap_set_range(Map(), 20, 1);
  EXPECT_EQ(bitmap_find(Map(), 0, 20), 20u);
  EXPECT_EQ(bitmap_find(Map(), 0, 10), 10u);
}

TEST_F(BitmapTest, FindRun_TooShortOnesFirst_FindsTheFirstThatFits) {
  bitmap_set_range(Map(), 10, 5);
  bitmap_set_range(Map(), 100, 7);
  bitmap_set_range(Map(), 300, 100);
  EXPECT_EQ(bitmap_find_run(Map(), 0, kBits, 5), 10u);
  EXPECT_EQ(bitmap_find_run(Map(), 0, kBits, 6), 100u);
  EXPECT_EQ(bitmap_find_run(Map(), 0, kBits, 100), 300u);
  EXPECT_EQ(bitmap_find_run(Map(), 0, kBits, 101), kBits);
  EXPECT_EQ(bitmap_find_run(Map(), 0, 399, 100), 399u);
  EXPECT_EQ(bitmap_find_run(Map(), 0, kBits, UINT64_MAX), kBits);
}

TEST_F(BitmapTest, RandomOperations_Always_MatchAVector) {
  std::mt19937 random(1);
  std::vector<bool> model(kBits);
  for (int i = 0; i < 3000; i++) {
    const uint64_t first = random() % kBits;
    const uint64_t count =
        random() % (random() % 4 == 0 ? kBits - first + 1 : 20) % (kBits - first);
    const bool value = random() % 2 != 0;
    value ? bitmap_set_range(Map(), first, count) : bitmap_clear_range(Map(), first, count);
    for (uint64_t bit = first; bit < first + count; bit++) model[bit] = value;
    const uint64_t from = random() % kBits;
    const uint64_t wanted = 1 + random() % 100;
    uint64_t run = from;
    uint64_t found = kBits;
    for (uint64_t bit = from; bit < kBits && found == kBits; bit++) {
      if (!model[bit]) run = bit + 1;
      if (bit + 1 - run == wanted) found = run;
    }
    ASSERT_EQ(bitmap_find_run(Map(), from, kBits, wanted), found) << i;
    bool clear = true;
    for (uint64_t bit = first; bit < first + count; bit++) clear = clear && !model[bit];
    ASSERT_EQ(bitmap_is_clear(Map(), first, count), clear);
  }
}

TEST_F(BitmapTest, Summary_AfterSetAndClear_IsAllZeroAgain) {
  bitmap_set_range(Map(), 0, kBits);
  bitmap_clear_range(Map(), 0, kBits);
  const test_map_t empty = {};
  EXPECT_EQ(std::memcmp(&bits_, &empty, sizeof(bits_)), 0);
}

using BitmapDeathTest = BitmapTest;

TEST_F(BitmapDeathTest, SetRange_BeyondTheEnd_Traps) {
  EXPECT_DEATH(bitmap_set_range(Map(), kBits - 1, 2), "");
}

}  // namespace
