// SPDX-License-Identifier: MIT
#include "cells/heap/heap.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <random>
#include <vector>

#include "cells/address_space_mapper/address_space_mapper.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(heap_pools, 256 << 10);

namespace {

constexpr owner_t kOwner = {5};

// What the mapper has handed out, and how it fails.
std::map<void *, uint64_t> mapped;
int calls_until_failure = -1;
status_t failure = {STATUS_NO_MEMORY};
void (*during_map)() = nullptr;

bool Fails() { return calls_until_failure >= 0 && calls_until_failure-- == 0; }

uint32_t Code(status_t status) { return status.code; }

}  // namespace

status_t blob_retain(text_t) { return OK; }

u32_result_t processor_self(void) { return {OK, 0}; }

memory_result_t address_space_mapper_map(owner_t owner, uint64_t frames) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(owner.number, kOwner.number);
  if (Fails()) return {failure, nullptr};
  if (during_map != nullptr) during_map();
  void *memory = std::aligned_alloc(kFrameBytes, frames * kFrameBytes);
  std::memset(memory, 0, frames * kFrameBytes);
  mapped[memory] = frames;
  return {OK, memory};
}

status_t address_space_mapper_unmap(owner_t owner, void *memory) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(owner.number, kOwner.number);
  if (Fails()) return failure;
  EXPECT_EQ(mapped.erase(memory), 1u);
  std::free(memory);
  return OK;
}

namespace {

class HeapTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(heap_pools);
    calls_until_failure = -1;
    failure = ERR(NO_MEMORY);
    during_map = nullptr;
    pool_ = heap_pool_create(kOwner, 1000).value;
  }
  void TearDown() override {
    EXPECT_EQ(host_monitor_depth(), 0u);
    for (const auto &[memory, frames] : mapped) std::free(memory);
    mapped.clear();
  }

  unsigned char *Allocate(uint64_t bytes) {
    const memory_result_t result = heap_allocate(pool_, bytes);
    EXPECT_EQ(Code(result.status), STATUS_OK);
    return static_cast<unsigned char *>(result.value);
  }

  heap_pool_info_t Info() {
    heap_pool_info_t info = {};
    EXPECT_EQ(Code(heap_describe(pool_.index, &info)), STATUS_OK);
    return info;
  }

  heap_pool_t pool_ = {};
};

TEST_F(HeapTest, PoolCreate_NoLimit_IsInvalidArgument) {
  EXPECT_EQ(Code(heap_pool_create(kOwner, 0).status), STATUS_INVALID_ARGUMENT);
}

TEST_F(HeapTest, PoolCreate_AllPlacesTaken_IsNoMemory) {
  for (int i = 1; i < 64; i++) {
    EXPECT_EQ(Code(heap_pool_create(kOwner, 1).status), STATUS_OK);
  }
  EXPECT_EQ(Code(heap_pool_create(kOwner, 1).status), STATUS_NO_MEMORY);
}

TEST_F(HeapTest, Allocate_EachSize_IsZeroedAlignedAndRoomy) {
  for (uint64_t bytes = 1; bytes < 20000; bytes = bytes * 3 / 2 + 1) {
    unsigned char *block = Allocate(bytes);
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % (bytes > 2048 ? 4096 : 16), 0u) << bytes;
    for (uint64_t i = 0; i < bytes; i++) ASSERT_EQ(block[i], 0);
    std::memset(block, 0xee, bytes);
    EXPECT_EQ(Code(heap_free(pool_, block)), STATUS_OK);
    unsigned char *again = Allocate(bytes);
    for (uint64_t i = 0; i < bytes; i++) ASSERT_EQ(again[i], 0);
  }
}

TEST_F(HeapTest, Allocate_Zero_IsInvalidArgument) {
  EXPECT_EQ(Code(heap_allocate(pool_, 0).status), STATUS_INVALID_ARGUMENT);
}

TEST_F(HeapTest, Allocate_BeyondTheLimit_IsNoMemory) {
  const heap_pool_t small = heap_pool_create(kOwner, 4).value;
  EXPECT_EQ(Code(heap_allocate(small, 4 * kFrameBytes + 1).status), STATUS_NO_MEMORY);
  EXPECT_EQ(Code(heap_allocate(small, UINT64_MAX).status), STATUS_NO_MEMORY);
  EXPECT_EQ(Code(heap_allocate(small, 4 * kFrameBytes).status), STATUS_OK);
  EXPECT_EQ(Code(heap_allocate(small, 1).status), STATUS_NO_MEMORY);
}

TEST_F(HeapTest, Allocate_MapperFails_ChangesNothing) {
  calls_until_failure = 0;
  failure = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(heap_allocate(pool_, 100).status), STATUS_UNAVAILABLE);
  EXPECT_EQ(Info().frames, 0u);
  EXPECT_EQ(Code(heap_allocate(pool_, 100).status), STATUS_OK);
}

TEST_F(HeapTest, Allocate_PoolDestroyedMeanwhile_IsStaleAndLeaksNothing) {
  static heap_pool_t victim;
  victim = pool_;
  during_map = [] { EXPECT_EQ(Code(heap_pool_destroy(victim)), STATUS_OK); };
  EXPECT_EQ(Code(heap_allocate(pool_, 100).status), STATUS_STALE);
  EXPECT_TRUE(mapped.empty());
}

TEST_F(HeapTest, Free_WhatIsNoBlock_IsInvalidArgument) {
  unsigned char *block = Allocate(100);
  unsigned char *large = Allocate(10000);
  unsigned char outside = 0;
  const heap_pool_t other = heap_pool_create(kOwner, 10).value;
  EXPECT_EQ(Code(heap_free(pool_, nullptr)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(heap_free(pool_, &outside)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(heap_free(pool_, block + 16)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(heap_free(pool_, block + 128)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(heap_free(pool_, large + kFrameBytes)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(heap_free(other, block)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Info().blocks, 2u);
}

TEST_F(HeapTest, Free_Twice_IsInvalidArgument) {
  unsigned char *block = Allocate(100);
  EXPECT_EQ(Code(heap_free(pool_, block)), STATUS_OK);
  EXPECT_EQ(Code(heap_free(pool_, block)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(heap_used_bytes(pool_).value, 0u);
}

TEST_F(HeapTest, Free_LargeBlock_IsKeptForTheNextOfItsSize) {
  unsigned char *block = Allocate(10000);
  std::memset(block, 0xee, 10000);
  EXPECT_EQ(Info().frames, 3u);
  EXPECT_EQ(Code(heap_free(pool_, block)), STATUS_OK);
  EXPECT_EQ(Code(heap_free(pool_, block)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Info().blocks, 0u);
  EXPECT_EQ(Allocate(12000), block);
  for (uint64_t i = 0; i < 12000; i++) ASSERT_EQ(block[i], 0);
}

TEST_F(HeapTest, Free_LargeBlocks_KeepsTheNewest) {
  unsigned char *first = Allocate(10000);
  unsigned char *second = Allocate(20000);
  EXPECT_EQ(Code(heap_free(pool_, first)), STATUS_OK);
  EXPECT_EQ(Code(heap_free(pool_, second)), STATUS_OK);
  EXPECT_EQ(Info().frames, 5u);
  EXPECT_EQ(mapped.count(second), 1u);
}

TEST_F(HeapTest, Free_HugeBlock_GoesBackToTheMapper) {
  EXPECT_EQ(Code(heap_free(pool_, Allocate(17 * kFrameBytes))), STATUS_OK);
  EXPECT_EQ(Info().frames, 0u);
  EXPECT_TRUE(mapped.empty());
}

// What the mapper kept may have lost pages, so no block of it is handed out again.
TEST_F(HeapTest, Free_MapperFails_KeepsTheChunkForDestroy) {
  unsigned char *block = Allocate(20 * kFrameBytes);
  calls_until_failure = 0;
  EXPECT_EQ(Code(heap_free(pool_, block)), STATUS_OK);
  EXPECT_EQ(Info().blocks, 0u);
  EXPECT_EQ(Info().frames, 20u);
  EXPECT_EQ(Code(heap_free(pool_, block)), STATUS_INVALID_ARGUMENT);
  EXPECT_NE(Allocate(20 * kFrameBytes), block);
  EXPECT_EQ(Code(heap_pool_destroy(pool_)), STATUS_OK);
  EXPECT_TRUE(mapped.empty());
}

// A cache has two chunks' blocks of this size, and one empty chunk stays.
TEST_F(HeapTest, Free_ManyChunks_KeepsFew) {
  std::vector<unsigned char *> blocks;
  for (int i = 0; i < 400; i++) blocks.push_back(Allocate(200));
  EXPECT_EQ(Info().frames, 28u);  // 64 blocks in 4 frames
  for (unsigned char *block : blocks) EXPECT_EQ(Code(heap_free(pool_, block)), STATUS_OK);
  EXPECT_EQ(Info().frames, 12u);
  EXPECT_EQ(Info().blocks, 0u);
}

TEST_F(HeapTest, UsedBytes_SeveralBlocks_SumsTheirSizes) {
  Allocate(1);
  Allocate(17);
  Allocate(2048);
  Allocate(2049);
  EXPECT_EQ(heap_used_bytes(pool_).value, 16u + 32 + 2048 + 4096);
  EXPECT_EQ(Info().used_bytes, 16u + 32 + 2048 + 4096);
  EXPECT_EQ(Info().owner.number, kOwner.number);
}

TEST_F(HeapTest, PoolDestroy_WithBlocks_FreesEverything) {
  for (uint64_t bytes = 1; bytes < 9000; bytes += 97) Allocate(bytes);
  EXPECT_EQ(Code(heap_pool_destroy(pool_)), STATUS_OK);
  EXPECT_TRUE(mapped.empty());
  EXPECT_EQ(Code(heap_pool_destroy(pool_)), STATUS_STALE);
  EXPECT_EQ(Code(heap_allocate(pool_, 1).status), STATUS_STALE);
  EXPECT_EQ(Code(heap_free(pool_, nullptr)), STATUS_STALE);
  EXPECT_EQ(Code(heap_used_bytes(pool_).status), STATUS_STALE);
}

TEST_F(HeapTest, PoolDestroy_MapperFails_CanGoOnLater) {
  Allocate(100);
  Allocate(10000);
  calls_until_failure = 1;
  EXPECT_EQ(Code(heap_pool_destroy(pool_)), STATUS_NO_MEMORY);
  EXPECT_EQ(Code(heap_allocate(pool_, 1).status), STATUS_STALE);
  EXPECT_EQ(Code(heap_pool_destroy(pool_)), STATUS_OK);
  EXPECT_TRUE(mapped.empty());
}

TEST_F(HeapTest, Allocate_AllChunksTaken_IsNoMemoryUntilOneIsFree) {
  const heap_pool_t large = heap_pool_create(kOwner, 100000).value;
  std::vector<void *> blocks;
  for (int i = 0; i < 1024; i++) blocks.push_back(heap_allocate(large, 4096).value);
  EXPECT_EQ(Code(heap_allocate(large, 4096).status), STATUS_NO_MEMORY);
  EXPECT_EQ(Code(heap_free(large, blocks[500])), STATUS_OK);
  EXPECT_EQ(Code(heap_allocate(large, 4096).status), STATUS_OK);
  EXPECT_EQ(Code(heap_pool_destroy(large)), STATUS_OK);
}

TEST_F(HeapTest, Describe_EmptyPlaceAndPastTheEnd_AreTold) {
  heap_pool_info_t info = {};
  EXPECT_EQ(Code(heap_describe(1, &info)), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(heap_describe(64, &info)), STATUS_END);
}

TEST_F(HeapTest, RandomOperations_Always_KeepBlocksApart) {
  std::mt19937 random(1);
  std::vector<std::pair<unsigned char *, uint64_t>> blocks;
  for (int i = 0; i < 20000; i++) {
    if (blocks.size() < 300 && random() % 2 == 0) {
      const uint64_t bytes = 1 + random() % (random() % 10 == 0 ? 9000 : 300);
      unsigned char *block = Allocate(bytes);
      ASSERT_NE(block, nullptr);
      for (uint64_t at = 0; at < bytes; at++) ASSERT_EQ(block[at], 0);
      std::memset(block, static_cast<int>(1 + bytes % 255), bytes);
      blocks.push_back({block, bytes});
    } else if (!blocks.empty()) {
      const size_t at = random() % blocks.size();
      const auto [block, bytes] = blocks[at];
      for (uint64_t byte = 0; byte < bytes; byte++) ASSERT_EQ(block[byte], 1 + bytes % 255);
      ASSERT_EQ(Code(heap_free(pool_, block)), STATUS_OK);
      blocks[at] = blocks.back();
      blocks.pop_back();
    }
    ASSERT_EQ(Info().blocks, blocks.size());
  }
  EXPECT_EQ(Code(heap_pool_destroy(pool_)), STATUS_OK);
  EXPECT_TRUE(mapped.empty());
}

}  // namespace
