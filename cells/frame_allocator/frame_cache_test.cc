// SPDX-License-Identifier: MIT
// The frame allocator on several processors: caches, and what moves between them and the pool.
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "cells/frame_allocator/frame_allocator.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(frame_allocator_pool, 700 << 10);

namespace {

constexpr owner_t kHeap = {1};
constexpr owner_t kMapper = {2};
constexpr owner_t kNeighbour = {17};  // in the same set of a cache as kHeap
constexpr uint64_t kGroup = 64;
constexpr uint64_t kFirst = 4096;
constexpr uint64_t kCount = 200 * kGroup;

frame_range_t region;
bool roaming = false;
thread_local uint32_t processor = 0;
thread_local std::mt19937 roamer(7);

uint32_t Code(status_t status) { return status.code; }
paddr_t Frame(uint64_t number) { return {number * kFrameBytes}; }

}  // namespace

status_t blob_retain(text_t) { return OK; }

u32_result_t processor_self(void) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  // Past the last one, too: what it says is a hint.
  return {OK, roaming ? static_cast<uint32_t>(roamer() % 20) : processor};
}

status_t memory_donate(frame_range_t *out) {
  if (region.count == 0) return ERR(END);
  *out = region;
  region.count = 0;
  return OK;
}

namespace {

class FrameCacheTest : public ::testing::Test {
 protected:
  void SetUp() override {
    roaming = false;
    processor = 0;
    Start(kCount);
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  static void Start(uint64_t count) {
    HOST_STATE_CLEAR(frame_allocator_pool);
    region = {Frame(kFirst), count};
    ASSERT_EQ(Code(frame_allocator_initialize()), STATUS_OK);
  }

  static uint64_t AllocateOn(uint32_t number, owner_t owner, uint64_t count = 1) {
    processor = number;
    const paddr_result_t result = frame_allocator_allocate(owner, count);
    EXPECT_EQ(Code(result.status), STATUS_OK);
    return result.value.bytes / kFrameBytes;
  }

  static uint32_t FreeOn(uint32_t number, owner_t owner, uint64_t frame, uint64_t count = 1) {
    processor = number;
    return Code(frame_allocator_free(owner, Frame(frame), count));
  }

  static uint64_t Free() { return frame_allocator_free_frames().value; }
  static uint64_t Cached() { return frame_allocator_cached_frames().value; }

  static std::map<uint32_t, uint64_t> Accounts() {
    std::map<uint32_t, uint64_t> accounts;
    frame_usage_t usage = {};
    for (uint64_t i = 0;; i++) {
      const status_t status = frame_allocator_usage(i, &usage);
      if (status_is(status, STATUS_END)) return accounts;
      if (status_is_ok(status)) {
        EXPECT_TRUE(accounts.emplace(usage.owner.number, usage.frames).second);
      }
    }
  }

  // What a swap leaves: the blob, at the same place, and nothing else.
  static void Swap() {
    auto *blob = reinterpret_cast<unsigned char *>(HOST_STATE_STORAGE(frame_allocator_pool));
    const std::vector<unsigned char> bytes(
        blob, blob + sizeof(*HOST_STATE_STORAGE(frame_allocator_pool)));
    std::memset(blob, 0xa5, bytes.size());
    std::memcpy(blob, bytes.data(), bytes.size());
  }
};

TEST_F(FrameCacheTest, Pair_OfOneFrame_EntersOneMonitorEachTime) {
  const uint64_t kept = AllocateOn(3, kHeap);
  const size_t before = host_monitor_entries();
  for (int i = 0; i < 100; i++) ASSERT_EQ(FreeOn(3, kHeap, AllocateOn(3, kHeap)), STATUS_OK);
  EXPECT_EQ(host_monitor_entries() - before, 200u);
  EXPECT_EQ(Free(), kCount - 1);
  EXPECT_EQ(FreeOn(3, kHeap, kept), STATUS_OK);
}

TEST_F(FrameCacheTest, FramesInCaches_AreFreeAndAccountedFor) {
  AllocateOn(0, kHeap);
  AllocateOn(1, kHeap);
  AllocateOn(2, kMapper);
  EXPECT_EQ(Cached(), 3 * kGroup - 3);
  EXPECT_EQ(Free(), kCount - 3);
  const std::map<uint32_t, uint64_t> accounts = {{1, 2}, {2, 1}};
  EXPECT_EQ(Accounts(), accounts);
}

TEST_F(FrameCacheTest, Allocate_OnSeveralProcessors_SharesNoGroup) {
  std::set<uint64_t> groups;
  for (uint32_t number = 0; number < kProcessors; number++) {
    groups.insert(AllocateOn(number, kHeap) / kGroup);
  }
  EXPECT_EQ(groups.size(), size_t{kProcessors});
}

TEST_F(FrameCacheTest, Free_OnAnotherProcessor_GoesBackWhereItCameFrom) {
  const uint64_t frame = AllocateOn(0, kHeap);
  EXPECT_EQ(FreeOn(5, kHeap, frame), STATUS_OK);
  EXPECT_EQ(Cached(), kGroup);
  EXPECT_EQ(AllocateOn(0, kHeap), frame);
}

TEST_F(FrameCacheTest, Free_TwiceOrForeign_IsRefusedOnEveryProcessor) {
  const uint64_t frame = AllocateOn(0, kHeap);
  const uint64_t other = AllocateOn(0, kHeap);
  for (uint32_t number : {0, 1, 0}) {
    EXPECT_EQ(FreeOn(number, kMapper, frame), STATUS_DENIED);
    EXPECT_EQ(FreeOn(number, kNeighbour, frame), STATUS_DENIED);
  }
  EXPECT_EQ(AllocateOn(0, kHeap), other + 1);  // the group is lent again
  EXPECT_EQ(FreeOn(0, kHeap, frame), STATUS_OK);
  for (uint32_t number : {0, 1, 2}) {
    EXPECT_EQ(FreeOn(number, kHeap, frame), STATUS_INVALID_ARGUMENT);
    EXPECT_EQ(FreeOn(number, kMapper, frame), STATUS_INVALID_ARGUMENT);
  }
  const std::map<uint32_t, uint64_t> accounts = {{1, 2}};
  EXPECT_EQ(Accounts(), accounts);
  EXPECT_EQ(Free(), kCount - 2);
}

TEST_F(FrameCacheTest, Free_OfARun_TakesItsGroupsOutOfTheCaches) {
  // Frames of one group, taken one by one, are a run.
  const uint64_t first = AllocateOn(4, kHeap);
  for (uint64_t i = 1; i < 10; i++) ASSERT_EQ(AllocateOn(4, kHeap), first + i);
  EXPECT_EQ(FreeOn(9, kHeap, first, 11), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(FreeOn(9, kMapper, first, 10), STATUS_DENIED);
  EXPECT_EQ(FreeOn(9, kHeap, first, 10), STATUS_OK);
  EXPECT_EQ(Free(), kCount);
  EXPECT_EQ(Cached(), 0u);
  EXPECT_TRUE(Accounts().empty());
}

TEST_F(FrameCacheTest, Free_OneByOneInOrder_SeldomEntersThePool) {
  const uint64_t first = AllocateOn(0, kHeap, 8 * kGroup);
  const size_t before = host_monitor_entries();
  for (uint64_t i = 0; i < 8 * kGroup; i++) ASSERT_EQ(FreeOn(6, kHeap, first + i), STATUS_OK);
  // The first of each group misses the cache, enters the pool, and has the group lent.
  EXPECT_LE(host_monitor_entries() - before, 8 * (kGroup + 2));
  EXPECT_EQ(Free(), kCount);
}

TEST_F(FrameCacheTest, Allocate_AllFramesLieInOtherCaches_FindsEveryOne) {
  for (uint32_t number = 0; number < kProcessors; number++) {
    for (uint32_t owner = 1; owner < 4; owner++) AllocateOn(number, {owner});
  }
  EXPECT_GT(Cached(), 40 * kGroup);
  uint64_t taken = 0;
  processor = 0;
  while (status_is_ok(frame_allocator_allocate({9}, 1).status)) taken++;
  EXPECT_EQ(taken, kCount - 3 * kProcessors);
  EXPECT_EQ(Free(), 0u);
  EXPECT_EQ(Code(frame_allocator_allocate(kHeap, 1).status), STATUS_NO_MEMORY);
}

TEST_F(FrameCacheTest, Allocate_TheWholeMemory_TakesItOutOfTheCaches) {
  for (uint32_t number = 0; number < kProcessors; number++) {
    EXPECT_EQ(FreeOn(number, kHeap, AllocateOn(number, kHeap)), STATUS_OK);
  }
  EXPECT_EQ(Cached(), kProcessors * kGroup);
  EXPECT_EQ(AllocateOn(0, kMapper, kCount), kFirst);
}

TEST_F(FrameCacheTest, Allocate_NoGroupIsEmpty_PrefersAnEmptyOneOfACache) {
  // All but one group is the mapper's; that one lies in a cache, wholly free.
  Start(16 * kGroup);
  const uint64_t frame = AllocateOn(1, kHeap);
  AllocateOn(0, kMapper, 15 * kGroup);
  EXPECT_EQ(FreeOn(1, kHeap, frame), STATUS_OK);
  const uint64_t mine = AllocateOn(2, kNeighbour);
  EXPECT_EQ(FreeOn(2, kHeap, mine), STATUS_DENIED);
}

TEST_F(FrameCacheTest, Allocate_ManyOwners_CachesAtMostAQuarter) {
  for (uint32_t number = 0; number < kProcessors; number++) {
    for (uint32_t owner = 0; owner < 12; owner++) AllocateOn(number, {owner});
    ASSERT_LE(Cached(), kCount / 4);
  }
  EXPECT_EQ(Free(), kCount - 12 * kProcessors);
}

TEST_F(FrameCacheTest, Allocate_TinyMemory_HasNoCaches) {
  Start(3 * kGroup);
  EXPECT_EQ(FreeOn(1, kHeap, AllocateOn(0, kHeap)), STATUS_OK);
  EXPECT_EQ(Cached(), 0u);
}

TEST_F(FrameCacheTest, Allocate_AccountsKeptByCachesOnly_AreGivenUp) {
  // More may be lent than there are accounts.
  Start(1200 * kGroup);
  for (uint32_t owner = 0; owner < 600; owner++) {
    EXPECT_EQ(
        FreeOn(owner / 32 % kProcessors, {owner}, AllocateOn(owner / 32 % kProcessors, {owner})),
        STATUS_OK);
  }
  EXPECT_EQ(Free(), 1200 * kGroup);
  EXPECT_TRUE(Accounts().empty());
}

TEST_F(FrameCacheTest, Allocate_GroupsAtAnEdge_NeverHandOutWhatWasNotDonated) {
  HOST_STATE_CLEAR(frame_allocator_pool);
  region = {Frame(kFirst + 5), 16 * kGroup - 9};
  ASSERT_EQ(Code(frame_allocator_initialize()), STATUS_OK);
  const uint64_t total = frame_allocator_total_frames().value;
  std::set<uint64_t> frames;
  for (uint64_t i = 0; i < total; i++) frames.insert(AllocateOn(i % 3, kHeap));
  EXPECT_EQ(frames.size(), total);
  EXPECT_EQ(*frames.begin(), kFirst + 5);
  EXPECT_EQ(*frames.rbegin(), kFirst + 16 * kGroup - 5);
  for (const uint64_t frame : frames) ASSERT_EQ(FreeOn(frame % 3, kHeap, frame), STATUS_OK);
  EXPECT_EQ(FreeOn(0, kHeap, kFirst + 4), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Free(), total);
  EXPECT_EQ(AllocateOn(0, kHeap, total), kFirst + 5);
}

// What the allocator must answer, frame by frame.
class Model {
 public:
  void Take(uint64_t first, uint64_t count, uint32_t owner) {
    for (uint64_t frame = first; frame < first + count; frame++) {
      ASSERT_GE(frame, kFirst);
      ASSERT_TRUE(held_.emplace(frame, owner).second) << frame;
    }
    accounts_[owner] += count;
  }
  // The answer to freeing a run.
  uint32_t Expected(uint64_t first, uint64_t count, uint32_t owner) const {
    bool foreign = false;
    for (uint64_t frame = first; frame < first + count; frame++) {
      const auto found = held_.find(frame);
      if (found == held_.end()) return STATUS_INVALID_ARGUMENT;
      if (found->second != owner) foreign = true;
    }
    return foreign ? STATUS_DENIED : STATUS_OK;
  }
  void Return(uint64_t first, uint64_t count, uint32_t owner) {
    for (uint64_t frame = first; frame < first + count; frame++) held_.erase(frame);
    accounts_[owner] -= count;
    if (accounts_[owner] == 0) accounts_.erase(owner);
  }
  uint64_t Held() const { return held_.size(); }
  const std::map<uint64_t, uint32_t> &frames() const { return held_; }
  const std::map<uint32_t, uint64_t> &accounts() const { return accounts_; }

 private:
  std::map<uint64_t, uint32_t> held_;  // owners by frame
  std::map<uint32_t, uint64_t> accounts_;
};

class FrameCacheModelTest : public FrameCacheTest {
 protected:
  static constexpr uint32_t kOwners = 6;

  void AllocateSome() {
    const uint32_t owner = random_() % kOwners;
    const uint64_t count = random_() % 40 == 0 ? 2 + random_() % 100 : 1;
    const paddr_result_t result = frame_allocator_allocate({owner}, count);
    if (status_is_ok(result.status)) {
      model_.Take(result.value.bytes / kFrameBytes, count, owner);
    } else {
      ASSERT_EQ(Code(result.status), STATUS_NO_MEMORY);
      // Of a single frame: nothing at all is free.
      if (count == 1) {
        ASSERT_EQ(model_.Held(), frame_allocator_total_frames().value);
      }
    }
  }

  void FreeSome() {
    if (model_.frames().empty()) return;
    auto at = model_.frames().lower_bound(kFirst + random_() % kCount);
    if (at == model_.frames().end()) at = model_.frames().begin();
    const uint64_t first = at->first;
    const uint64_t count = random_() % 8 == 0 ? 1 + random_() % 70 : 1;
    const uint32_t owner = random_() % 16 == 0 ? random_() % kOwners : at->second;
    const uint32_t expected = model_.Expected(first, count, owner);
    ASSERT_EQ(Code(frame_allocator_free({owner}, Frame(first), count)), expected);
    if (expected == STATUS_OK) model_.Return(first, count, owner);
    if (expected == STATUS_OK && random_() % 4 == 0) {
      ASSERT_EQ(Code(frame_allocator_free({owner}, Frame(first), count)), STATUS_INVALID_ARGUMENT);
    }
  }

  std::mt19937 random_{1};
  Model model_;
};

TEST_F(FrameCacheModelTest, RandomOperations_OnRoamingTasks_MatchAModel) {
  Start(4 * kCount);
  const uint64_t total = 4 * kCount;
  roaming = true;
  for (int i = 0; i < 40000; i++) {
    // Far from the end of memory no group is shared, so every foreign frame is refused.
    const bool grow = random_() % 8 < (model_.Held() < total / 16 ? 5 : 2);
    grow ? AllocateSome() : FreeSome();
    if (HasFatalFailure()) return;
    ASSERT_EQ(Free(), total - model_.Held());
    if (i % 64 == 0) {
      ASSERT_EQ(Accounts(), model_.accounts());
    }
    if (i % 1000 == 0) Swap();
  }
  EXPECT_GT(model_.Held(), total / 32);
  while (!model_.frames().empty()) {
    const auto [frame, owner] = *model_.frames().begin();
    ASSERT_EQ(Code(frame_allocator_free({owner}, Frame(frame), 1)), STATUS_OK);
    model_.Return(frame, 1, owner);
  }
  EXPECT_TRUE(Accounts().empty());
  EXPECT_EQ(AllocateOn(0, kHeap, total), kFirst);
}

// Memory is nearly always exhausted here, so groups are shared, and caches are drained all the
// time.
TEST_F(FrameCacheModelTest, RandomOperations_AtTheEndOfMemory_LoseNothing) {
  Start(24 * kGroup);
  const uint64_t total = 24 * kGroup;
  roaming = true;
  for (int i = 0; i < 40000; i++) {
    if (random_() % 20 < (i % 2000 < 1000 ? 11 : 8) || model_.frames().empty()) {
      AllocateSome();
    } else {
      auto at = model_.frames().lower_bound(kFirst + random_() % total);
      if (at == model_.frames().end()) at = model_.frames().begin();
      const auto [frame, owner] = *at;
      ASSERT_EQ(Code(frame_allocator_free({owner}, Frame(frame), 1)), STATUS_OK);
      model_.Return(frame, 1, owner);
    }
    if (HasFatalFailure()) return;
    ASSERT_EQ(Free(), total - model_.Held());
    if (i % 64 == 0) {
      ASSERT_EQ(Accounts(), model_.accounts());
    }
    if (i % 1000 == 0) Swap();
  }
}

TEST_F(FrameCacheTest, Threads_WithOwnersOfTheirOwn_LoseNothing) {
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  for (uint32_t thread = 0; thread < kThreads; thread++) {
    threads.emplace_back([thread] {
      std::mt19937 random(thread);
      std::vector<uint64_t> held;
      const owner_t owner = {1 + thread % 2};
      for (int i = 0; i < 20000; i++) {
        processor = random() % 3;
        if (held.size() < 200 && random() % 2 == 0) {
          const paddr_result_t result = frame_allocator_allocate(owner, 1);
          ASSERT_EQ(Code(result.status), STATUS_OK);
          held.push_back(result.value.bytes / kFrameBytes);
        } else if (!held.empty()) {
          std::swap(held[random() % held.size()], held.back());
          ASSERT_EQ(Code(frame_allocator_free(owner, Frame(held.back()), 1)), STATUS_OK);
          held.pop_back();
        }
      }
      for (const uint64_t frame : held) {
        ASSERT_EQ(Code(frame_allocator_free(owner, Frame(frame), 1)), STATUS_OK);
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  EXPECT_EQ(Free(), kCount);
  EXPECT_TRUE(Accounts().empty());
}

}  // namespace
