// SPDX-License-Identifier: MIT
#include "nano_core/boot/regions.h"

#include <gtest/gtest.h>

#include <bitset>
#include <random>

namespace {

constexpr uint64_t kFrame = kFrameBytes;

testing::AssertionResult IsSortedAndMerged(const boot_info_t &info) {
  uint64_t last_end = 0;
  for (uint64_t i = 0; i < info.region_count; i++) {
    const memory_region_t &region = info.regions[i];
    if (region.bytes == 0 || region.bytes % kFrame != 0 || region.start.bytes % kFrame != 0) {
      return testing::AssertionFailure() << "region " << i << " is not of whole frames";
    }
    if (i != 0 && region.start.bytes <= last_end) {
      return testing::AssertionFailure() << "region " << i << " touches the one before";
    }
    last_end = region.start.bytes + region.bytes;
  }
  return testing::AssertionSuccess();
}

TEST(RegionsTest, Add_PartialFrames_RoundsInward) {
  boot_info_t info = {};
  regions_add(&info, 1, 3 * kFrame);
  ASSERT_EQ(info.region_count, 1u);
  EXPECT_EQ(info.regions[0].start.bytes, kFrame);
  EXPECT_EQ(info.regions[0].bytes, 2 * kFrame);
  regions_add(&info, 10 * kFrame + 1, kFrame);
  EXPECT_EQ(info.region_count, 1u);
}

TEST(RegionsTest, Add_TouchingNeighbours_BecomeOne) {
  boot_info_t info = {};
  regions_add(&info, 4 * kFrame, kFrame);
  regions_add(&info, 0, kFrame);
  EXPECT_EQ(info.region_count, 2u);
  regions_add(&info, kFrame, 3 * kFrame);
  ASSERT_EQ(info.region_count, 1u);
  EXPECT_EQ(info.regions[0].bytes, 5 * kFrame);
}

TEST(RegionsTest, Remove_OneByte_RemovesItsFrame) {
  boot_info_t info = {};
  regions_add(&info, 0, 3 * kFrame);
  regions_remove(&info, kFrame + 5, 1);
  ASSERT_EQ(info.region_count, 2u);
  EXPECT_EQ(info.regions[0].bytes, kFrame);
  EXPECT_EQ(info.regions[1].start.bytes, 2 * kFrame);
  regions_remove(&info, 0, 0);
  EXPECT_EQ(info.region_count, 2u);
}

TEST(RegionsTest, AddAndRemove_AbsurdRanges_StayInThePhysicalMap) {
  boot_info_t info = {};
  regions_add(&info, UINT64_MAX, UINT64_MAX);
  EXPECT_EQ(info.region_count, 0u);
  regions_add(&info, kFrame, UINT64_MAX);
  ASSERT_EQ(info.region_count, 1u);
  EXPECT_EQ(info.regions[0].bytes, (UINT64_C(1) << 46) - kFrame);
  regions_remove(&info, UINT64_MAX, UINT64_MAX);
  regions_remove(&info, 2 * kFrame, UINT64_MAX);
  ASSERT_EQ(info.region_count, 1u);
  EXPECT_EQ(info.regions[0].bytes, kFrame);
}

TEST(RegionsTest, Add_MoreThanFit_DropsTheHighest) {
  boot_info_t info = {};
  for (uint64_t i = 40; i > 0; i--) regions_add(&info, i * 2 * kFrame, kFrame);
  ASSERT_EQ(info.region_count, static_cast<uint64_t>(kBootRegions));
  EXPECT_EQ(info.regions[0].start.bytes, 2 * kFrame);
  EXPECT_TRUE(IsSortedAndMerged(info));
}

constexpr uint64_t kKilobyte = 1024;

uint64_t StartupArea(const boot_info_t &info) { return regions_startup_area(&info).bytes; }

TEST(RegionsTest, StartupArea_UsualPc_IsAbove64Kilobytes) {
  boot_info_t info = {};
  regions_add(&info, 0, 639 * kKilobyte);
  regions_add(&info, 1024 * kKilobyte, 1024 * kKilobyte);
  EXPECT_EQ(StartupArea(info), 64 * kKilobyte);
}

TEST(RegionsTest, StartupArea_PieceInUse_IsBehindIt) {
  boot_info_t info = {};
  regions_add(&info, 0, 639 * kKilobyte);
  regions_remove(&info, 64 * kKilobyte + 3 * kFrame, 1);
  EXPECT_EQ(StartupArea(info), 64 * kKilobyte + 4 * kFrame);
}

TEST(RegionsTest, StartupArea_OnlyTheLowestIsFree_IsThereButNotFrame0) {
  boot_info_t info = {};
  regions_add(&info, 0, 5 * kFrame);
  EXPECT_EQ(StartupArea(info), kFrame);
  regions_remove(&info, 4 * kFrame, kFrame);
  EXPECT_EQ(StartupArea(info), 0u);
}

TEST(RegionsTest, StartupArea_AcrossThe64thKilobyte_IsFound) {
  boot_info_t info = {};
  regions_add(&info, 64 * kKilobyte - 2 * kFrame, 4 * kFrame);
  EXPECT_EQ(StartupArea(info), 64 * kKilobyte - 2 * kFrame);
}

TEST(RegionsTest, StartupArea_NothingBelow640Kilobytes_IsNone) {
  boot_info_t info = {};
  EXPECT_EQ(StartupArea(info), 0u);
  regions_add(&info, 640 * kKilobyte - 3 * kFrame, 1024 * kKilobyte);
  EXPECT_EQ(StartupArea(info), 0u);
  regions_add(&info, 640 * kKilobyte - 4 * kFrame, kFrame);
  EXPECT_EQ(StartupArea(info), 640 * kKilobyte - 4 * kFrame);
}

TEST(RegionsTest, AddAndRemove_AtRandom_AgreeWithOneBitPerFrame) {
  constexpr uint64_t kFrames = 60;  // never more than 30 regions
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; round++) {
    boot_info_t info = {};
    std::bitset<kFrames> model;
    for (int step = 0; step < 50; step++) {
      const uint64_t start = random() % (kFrames * kFrame);
      const uint64_t bytes = random() % (12 * kFrame) % (kFrames * kFrame - start);
      const uint64_t end = start + bytes;
      if (random() % 2 == 0) {
        regions_add(&info, start, bytes);
        for (uint64_t i = (start + kFrame - 1) / kFrame; (i + 1) * kFrame <= end; i++) model.set(i);
      } else {
        regions_remove(&info, start, bytes);
        for (uint64_t i = start / kFrame; bytes != 0 && i * kFrame < end; i++) model.reset(i);
      }
      std::bitset<kFrames> listed;
      ASSERT_TRUE(IsSortedAndMerged(info));
      for (uint64_t r = 0; r < info.region_count; r++) {
        const uint64_t first = info.regions[r].start.bytes / kFrame;
        for (uint64_t i = 0; i < info.regions[r].bytes / kFrame; i++) listed.set(first + i);
      }
      ASSERT_EQ(listed, model);
    }
  }
}

}  // namespace
