// SPDX-License-Identifier: MIT
#include "cells/frame_allocator/frame_allocator.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <vector>

#include "testing/host/state.h"

HOST_STATE_BYTES(frame_allocator_pool, 700 << 10);

namespace {

constexpr owner_t kCore = {0};
constexpr owner_t kHeap = {1};
constexpr owner_t kMapper = {2};
constexpr uint64_t kFirst = 256;  // of the usual region, not on a group of 64 frames' boundary
constexpr uint64_t kCount = 1000;

std::vector<frame_range_t> regions;
status_t donate_error = {STATUS_END};

uint32_t Code(status_t status) { return status.code; }
paddr_t Frame(uint64_t number) { return {number * kFrameBytes}; }

}  // namespace

status_t blob_retain(text_t) { return OK; }

u32_result_t processor_self(void) { return {OK, 0}; }

status_t memory_donate(frame_range_t *region) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (regions.empty()) return donate_error;
  *region = regions.front();
  regions.erase(regions.begin());
  return OK;
}

namespace {

class FrameAllocatorTest : public ::testing::Test {
 protected:
  void SetUp() override { Start({{Frame(kFirst), kCount}}); }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  void Start(const std::vector<frame_range_t> &donated) {
    HOST_STATE_CLEAR(frame_allocator_pool);
    donate_error = ERR(END);
    regions = donated;
    ASSERT_EQ(Code(frame_allocator_initialize()), STATUS_OK);
  }

  uint64_t Allocate(owner_t owner, uint64_t count) {
    const paddr_result_t result = frame_allocator_allocate(owner, count);
    EXPECT_EQ(Code(result.status), STATUS_OK);
    EXPECT_EQ(result.value.bytes % kFrameBytes, 0u);
    return result.value.bytes / kFrameBytes;
  }

  uint64_t Free() { return frame_allocator_free_frames().value; }

  uint64_t Held(owner_t owner) {
    uint64_t held = 0;
    frame_usage_t usage = {};
    for (uint64_t i = 0;; i++) {
      const status_t status = frame_allocator_usage(i, &usage);
      if (status_is(status, STATUS_END)) return held;
      if (status_is_ok(status) && usage.owner.number == owner.number) held += usage.frames;
    }
  }

  std::vector<unsigned char> Snapshot() {
    const auto *bytes =
        reinterpret_cast<const unsigned char *>(HOST_STATE_STORAGE(frame_allocator_pool));
    return {bytes, bytes + sizeof(*HOST_STATE_STORAGE(frame_allocator_pool))};
  }
};

TEST_F(FrameAllocatorTest, Initialize_OneRegion_IsAllFree) {
  EXPECT_EQ(frame_allocator_total_frames().value, kCount);
  EXPECT_EQ(Free(), kCount);
}

TEST_F(FrameAllocatorTest, Initialize_DonationFails_TellsWhy) {
  donate_error = ERR(FAULT);
  EXPECT_EQ(Code(frame_allocator_initialize()), STATUS_FAULT);
}

TEST_F(FrameAllocatorTest, Initialize_RegionAcrossTheLimit_IsCut) {
  Start({{Frame((4 << 20) - 10), 100}, {Frame(5 << 20), 100}});
  EXPECT_EQ(frame_allocator_total_frames().value, 10u);
}

TEST_F(FrameAllocatorTest, Initialize_SameRegionTwice_CountsOnce) {
  Start({{Frame(kFirst), 100}, {Frame(kFirst), 100}, {Frame(kFirst + 500), 0}});
  EXPECT_EQ(frame_allocator_total_frames().value, 100u);
}

TEST_F(FrameAllocatorTest, Allocate_ZeroFrames_IsInvalidArgument) {
  EXPECT_EQ(Code(frame_allocator_allocate(kHeap, 0).status), STATUS_INVALID_ARGUMENT);
}

TEST_F(FrameAllocatorTest, Allocate_All_GivesEachFrameOnce) {
  std::vector<bool> seen(kFirst + kCount);
  for (uint64_t i = 0; i < kCount; i++) {
    const uint64_t frame = Allocate(owner_t{static_cast<uint32_t>(i % 7)}, 1);
    ASSERT_GE(frame, kFirst);
    ASSERT_LT(frame, kFirst + kCount);
    ASSERT_FALSE(seen[frame]);
    seen[frame] = true;
  }
  EXPECT_EQ(Free(), 0u);
  EXPECT_EQ(Code(frame_allocator_allocate(kHeap, 1).status), STATUS_NO_MEMORY);
  EXPECT_EQ(Free(), 0u);
  uint64_t held = 0;
  for (uint32_t i = 0; i < 7; i++) held += Held(owner_t{i});
  EXPECT_EQ(held, kCount);
}

TEST_F(FrameAllocatorTest, Allocate_LargerThanAnyRun_IsNoMemoryAndChangesNothing) {
  const auto before = Snapshot();
  EXPECT_EQ(Code(frame_allocator_allocate(kHeap, kCount + 1).status), STATUS_NO_MEMORY);
  EXPECT_EQ(Code(frame_allocator_allocate(kHeap, UINT64_MAX).status), STATUS_NO_MEMORY);
  EXPECT_EQ(Snapshot(), before);
}

TEST_F(FrameAllocatorTest, Allocate_TheWholeRegion_IsOneRun) {
  EXPECT_EQ(Allocate(kHeap, kCount), kFirst);
  EXPECT_EQ(Free(), 0u);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, Frame(kFirst), kCount)), STATUS_OK);
  EXPECT_EQ(Free(), kCount);
}

TEST_F(FrameAllocatorTest, Allocate_Run_NeverCrossesAHole) {
  Start({{Frame(64), 100}, {Frame(200), 100}});
  const uint64_t first = Allocate(kHeap, 100);
  const uint64_t second = Allocate(kHeap, 100);
  EXPECT_EQ(first + second, 64u + 200u);
  EXPECT_EQ(Code(frame_allocator_allocate(kHeap, 1).status), STATUS_NO_MEMORY);
}

TEST_F(FrameAllocatorTest, Allocate_TooManyOwners_IsNoMemory) {
  for (uint32_t i = 0; i < 238; i++) Allocate(owner_t{i}, 1);
  EXPECT_EQ(Code(frame_allocator_allocate(owner_t{238}, 1).status), STATUS_NO_MEMORY);
  Allocate(owner_t{3}, 1);
}

TEST_F(FrameAllocatorTest, Usage_SeveralOwners_CountsEach) {
  const uint64_t run = Allocate(kHeap, 10);
  Allocate(kMapper, 3);
  Allocate(kCore, 2);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, Frame(run + 4), 2)), STATUS_OK);
  EXPECT_EQ(Held(kHeap), 8u);
  EXPECT_EQ(Held(kMapper), 3u);
  EXPECT_EQ(Held(kCore), 2u);
  EXPECT_EQ(Free(), kCount - 13);
}

TEST_F(FrameAllocatorTest, Usage_EmptyPlaceAndPastTheEnd_AreTold) {
  frame_usage_t usage = {};
  EXPECT_EQ(Code(frame_allocator_usage(0, &usage)), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(frame_allocator_usage(238, &usage)), STATUS_END);
  EXPECT_EQ(Code(frame_allocator_usage(UINT64_MAX, &usage)), STATUS_END);
}

TEST_F(FrameAllocatorTest, Free_Refused_ChangesNothing) {
  const uint64_t run = Allocate(kHeap, 10);
  const uint64_t other = Allocate(kMapper, 10);
  const auto before = Snapshot();
  EXPECT_EQ(Code(frame_allocator_free(kHeap, Frame(run), 0)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, {run * kFrameBytes + 8}, 1)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, Frame(run), 11)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, Frame(kFirst - 1), 1)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, Frame(kFirst + kCount), 1)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, Frame(0), UINT64_MAX)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, {UINT64_MAX & ~UINT64_C(0xfff)}, UINT64_MAX)),
            STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, Frame(other), 1)), STATUS_DENIED);
  EXPECT_EQ(Code(frame_allocator_free(kMapper, Frame(run), 10)), STATUS_DENIED);
  EXPECT_EQ(Code(frame_allocator_free(kCore, Frame(run), 1)), STATUS_DENIED);
  EXPECT_EQ(Snapshot(), before);
}

TEST_F(FrameAllocatorTest, Free_Twice_IsInvalidArgument) {
  const uint64_t run = Allocate(kHeap, 10);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, Frame(run + 3), 1)), STATUS_OK);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, Frame(run + 3), 1)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, Frame(run), 10)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Held(kHeap), 9u);
  EXPECT_EQ(Free(), kCount - 9);
}

TEST_F(FrameAllocatorTest, Free_SharedGroup_IsBoundedByTheAccount) {
  // Only one group of 64: two owners must share it.
  Start({{Frame(64), 64}});
  const uint64_t run = Allocate(kHeap, 2);
  const uint64_t other = Allocate(kMapper, 1);
  EXPECT_EQ(Code(frame_allocator_free(kMapper, Frame(run), 2)), STATUS_DENIED);
  EXPECT_EQ(Code(frame_allocator_free(kMapper, Frame(other), 1)), STATUS_OK);
  EXPECT_EQ(Code(frame_allocator_free(kMapper, Frame(run), 1)), STATUS_DENIED);
}

TEST_F(FrameAllocatorTest, Free_AllOfASharedGroup_MakesItNobodysAgain) {
  Start({{Frame(70), 50}});
  const auto before = Free();
  const uint64_t run = Allocate(kHeap, 2);
  const uint64_t other = Allocate(kMapper, 1);
  EXPECT_EQ(Code(frame_allocator_free(kMapper, Frame(other), 1)), STATUS_OK);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, Frame(run), 2)), STATUS_OK);
  EXPECT_EQ(Free(), before);
  const uint64_t mine = Allocate(kCore, 1);
  EXPECT_EQ(Code(frame_allocator_free(kHeap, Frame(mine), 1)), STATUS_DENIED);
}

TEST_F(FrameAllocatorTest, Initialize_SixteenGigabytes_AllocatesNearlyFullAtOnce) {
  Start({{Frame(256), (4 << 20) - 256}});
  const uint64_t all = frame_allocator_total_frames().value;
  Allocate(kHeap, all - 1);
  const uint64_t last = Allocate(kMapper, 1);
  EXPECT_EQ(last, uint64_t{4 << 20} - 1);
  EXPECT_EQ(Free(), 0u);
}

// Fails operation after operation until none is left: what was taken is always given back whole.
TEST_F(FrameAllocatorTest, RandomOperations_Always_MatchAModel) {
  Start({{Frame(100), 300}, {Frame(500), 411}, {Frame(1000), 64}});
  const uint64_t total = frame_allocator_total_frames().value;
  struct Run {
    uint64_t first;
    uint64_t count;
    owner_t owner;
  };
  std::vector<Run> runs;
  std::map<uint64_t, bool> used;
  std::mt19937 random(1);
  for (int i = 0; i < 20000; i++) {
    if (random() % 2 == 0) {
      const Run wanted = {
          0, 1 + random() % (random() % 8 == 0 ? 130 : 5), {static_cast<uint32_t>(random() % 5)}};
      const paddr_result_t result = frame_allocator_allocate(wanted.owner, wanted.count);
      if (!status_is_ok(result.status)) continue;
      const uint64_t first = result.value.bytes / kFrameBytes;
      for (uint64_t frame = first; frame < first + wanted.count; frame++) {
        ASSERT_FALSE(used[frame]);
        ASSERT_TRUE((frame >= 100 && frame < 400) || (frame >= 500 && frame < 911) ||
                    (frame >= 1000 && frame < 1064));
        used[frame] = true;
      }
      runs.push_back({first, wanted.count, wanted.owner});
    } else if (!runs.empty()) {
      const size_t at = random() % runs.size();
      const Run run = runs[at];
      runs.erase(runs.begin() + static_cast<long>(at));
      ASSERT_EQ(Code(frame_allocator_free(run.owner, Frame(run.first), run.count)), STATUS_OK);
      for (uint64_t frame = run.first; frame < run.first + run.count; frame++) used[frame] = false;
    }
    uint64_t held = 0;
    for (const Run &run : runs) held += run.count;
    ASSERT_EQ(Free(), total - held);
  }
  for (const Run &run : runs) {
    ASSERT_EQ(Code(frame_allocator_free(run.owner, Frame(run.first), run.count)), STATUS_OK);
  }
  EXPECT_EQ(Free(), total);
  EXPECT_EQ(Allocate(kHeap, 411), 500u);
}

}  // namespace
