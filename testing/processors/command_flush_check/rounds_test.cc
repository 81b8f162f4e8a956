// SPDX-License-Identifier: MIT
#include "testing/processors/command_flush_check/rounds.h"

#include <gtest/gtest.h>

namespace {

// Round 9 can be written; round 11 cannot.
constexpr uint64_t kRound = 9;
constexpr uint64_t kMapped = kRound * kRoundPhases;
constexpr uint64_t kUnmapping = kMapped + kRoundUnmapping;
constexpr uint64_t kUnmapped = kMapped + kRoundUnmapped;
constexpr uint64_t kMapping = kMapped + kRoundMapping;
constexpr uint64_t kNext = kMapped + kRoundPhases;
constexpr uint64_t kRefusing = 11 * kRoundPhases;

bool Explains(uint64_t before, uint64_t after, enum access access, uint64_t found = 0) {
  return round_explains(before, after, access, found);
}

TEST(RoundsTest, Mapped_ItsPageIsRead) {
  EXPECT_TRUE(Explains(kMapped, kMapped, kAccessRead, kRound));
  EXPECT_FALSE(Explains(kMapped, kMapped, kAccessRead, kRound - 1));
  EXPECT_FALSE(Explains(kMapped, kMapped, kAccessReadFault));
}

TEST(RoundsTest, Unmapping_EitherIsSeen) {
  EXPECT_TRUE(Explains(kUnmapping, kUnmapping, kAccessRead, kRound));
  EXPECT_TRUE(Explains(kUnmapping, kUnmapping, kAccessReadFault));
  EXPECT_TRUE(Explains(kMapped, kUnmapped, kAccessRead, kRound));
  EXPECT_TRUE(Explains(kMapped, kUnmapped, kAccessReadFault));
  EXPECT_FALSE(Explains(kUnmapping, kUnmapping, kAccessRead, kRound + 1));
}

TEST(RoundsTest, Unmapped_OnlyFaultsAreSeen) {
  EXPECT_TRUE(Explains(kUnmapped, kUnmapped, kAccessReadFault));
  EXPECT_TRUE(Explains(kUnmapped, kUnmapped, kAccessWriteFault));
  EXPECT_FALSE(Explains(kUnmapped, kUnmapped, kAccessRead, kRound));
  EXPECT_FALSE(Explains(kUnmapped, kUnmapped, kAccessWritten));
}

TEST(RoundsTest, Mapping_TheNextPageIsRead) {
  EXPECT_TRUE(Explains(kUnmapped, kMapping, kAccessRead, kRound + 1));
  EXPECT_TRUE(Explains(kMapping, kNext, kAccessReadFault));
  EXPECT_FALSE(Explains(kUnmapped, kNext, kAccessRead, kRound));
  EXPECT_FALSE(Explains(kNext, kNext, kAccessReadFault));
}

TEST(RoundsTest, WithoutTheRight_WritingFaults) {
  EXPECT_TRUE(Explains(kRefusing, kRefusing, kAccessWriteFault));
  EXPECT_FALSE(Explains(kRefusing, kRefusing, kAccessWritten));
  EXPECT_FALSE(Explains(kRefusing - 2, kRefusing + 2, kAccessWritten));
  EXPECT_TRUE(Explains(kRefusing - 4, kRefusing, kAccessWritten));
  EXPECT_TRUE(Explains(kMapped, kMapped, kAccessWritten));
  EXPECT_FALSE(Explains(kMapped, kMapped, kAccessWriteFault));
}

TEST(RoundsTest, OverALongTime_OnlyPagesOfThatTimeAreRead) {
  EXPECT_TRUE(Explains(kMapped, kMapped + 100, kAccessRead, kRound + 20));
  EXPECT_FALSE(Explains(kMapped, kMapped + 100, kAccessRead, kRound - 1));
  EXPECT_TRUE(Explains(kMapped, kRoundsOver, kAccessReadFault));
  EXPECT_TRUE(Explains(kMapped, kRoundsOver, kAccessRead, kRound));
}

}  // namespace
