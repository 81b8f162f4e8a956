// SPDX-License-Identifier: MIT
// The heap on several processors: caches, what moves between them and the chunks, and what pools
// keep.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/heap/heap.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(heap_pools, 256 << 10);

namespace {

constexpr owner_t kOwner = {5};

// What the mapper has handed out, how often it was called, and how much it has.
std::mutex mapper;
std::map<void *, uint64_t> mapped;
uint64_t mapped_frames = 0;
uint64_t mapper_calls = 0;
uint64_t machine_frames = 0;

bool roaming = false;
thread_local uint32_t processor = 0;
thread_local std::mt19937 roamer(7);

uint32_t Code(status_t status) { return status.code; }

}  // namespace

status_t blob_retain(text_t) { return OK; }

u32_result_t processor_self(void) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  // Past the last one, too: what it says is a hint.
  return {OK, roaming ? static_cast<uint32_t>(roamer() % 20) : processor};
}

memory_result_t address_space_mapper_map(owner_t, uint64_t frames) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  const std::lock_guard<std::mutex> guard(mapper);
  mapper_calls++;
  if (frames > machine_frames - mapped_frames) return {ERR(NO_MEMORY), nullptr};
  void *memory = std::aligned_alloc(kFrameBytes, frames * kFrameBytes);
  std::memset(memory, 0, frames * kFrameBytes);
  mapped[memory] = frames;
  mapped_frames += frames;
  return {OK, memory};
}

status_t address_space_mapper_unmap(owner_t, void *memory) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  const std::lock_guard<std::mutex> guard(mapper);
  mapper_calls++;
  const auto found = mapped.find(memory);
  if (found == mapped.end()) return ERR(INVALID_ARGUMENT);
  mapped_frames -= found->second;
  mapped.erase(found);
  std::free(memory);
  return OK;
}

namespace {

class HeapCacheTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(heap_pools);
    roaming = false;
    processor = 0;
    machine_frames = 100000;
    mapper_calls = 0;
    pool_ = heap_pool_create(kOwner, 1000).value;
  }
  void TearDown() override {
    EXPECT_EQ(host_monitor_depth(), 0u);
    for (const auto &[memory, frames] : mapped) std::free(memory);
    mapped.clear();
    mapped_frames = 0;
  }

  static void *AllocateOn(uint32_t number, heap_pool_t pool, uint64_t bytes) {
    processor = number;
    const memory_result_t result = heap_allocate(pool, bytes);
    EXPECT_EQ(Code(result.status), STATUS_OK);
    return result.value;
  }

  static uint32_t FreeOn(uint32_t number, heap_pool_t pool, void *block) {
    processor = number;
    return Code(heap_free(pool, block));
  }

  static uint64_t Used(heap_pool_t pool) { return heap_used_bytes(pool).value; }

  // What a swap leaves: the blob, at the same place, and nothing else.
  static void Swap() {
    auto *blob = reinterpret_cast<unsigned char *>(HOST_STATE_STORAGE(heap_pools));
    const std::vector<unsigned char> bytes(blob, blob + sizeof(*HOST_STATE_STORAGE(heap_pools)));
    std::memset(blob, 0xa5, bytes.size());
    std::memcpy(blob, bytes.data(), bytes.size());
  }

  heap_pool_t pool_ = {};
};

TEST_F(HeapCacheTest, Pair_OfASmallBlock_EntersOneMonitorEachTime) {
  AllocateOn(3, pool_, 64);
  const size_t before = host_monitor_entries();
  for (int i = 0; i < 100; i++) {
    ASSERT_EQ(FreeOn(3, pool_, AllocateOn(3, pool_, 64)), STATUS_OK);
  }
  EXPECT_EQ(host_monitor_entries() - before, 200u);
}

TEST_F(HeapCacheTest, Pair_OfAnySize_MapsOnceOnly) {
  for (uint64_t bytes = 1; bytes <= 16 * kFrameBytes; bytes *= 2) {
    ASSERT_EQ(FreeOn(0, pool_, AllocateOn(0, pool_, bytes)), STATUS_OK);
    const uint64_t before = mapper_calls;
    for (int i = 0; i < 10; i++) {
      ASSERT_EQ(FreeOn(i % 3, pool_, AllocateOn(0, pool_, bytes)), STATUS_OK);
    }
    EXPECT_EQ(mapper_calls, before) << bytes;
  }
}

// The number of blocks goes to and fro over the edge of a chunk.
TEST_F(HeapCacheTest, Edge_OfAChunk_MapsOnceOnly) {
  std::vector<void *> blocks;
  for (int i = 0; i < 9; i++) blocks.push_back(AllocateOn(0, pool_, 2048));  // 8 to a chunk
  const uint64_t before = mapper_calls;
  for (int round = 0; round < 20; round++) {
    for (int i = 0; i < 1 + round % 4; i++) {
      ASSERT_EQ(FreeOn(0, pool_, blocks.back()), STATUS_OK);
      blocks.pop_back();
    }
    while (blocks.size() < 9) blocks.push_back(AllocateOn(0, pool_, 2048));
  }
  EXPECT_EQ(mapper_calls, before);
}

TEST_F(HeapCacheTest, BlocksOfSeveralProcessors_AreAccountedFor) {
  void *first = AllocateOn(0, pool_, 100);
  AllocateOn(1, pool_, 100);
  AllocateOn(2, pool_, 16);
  AllocateOn(3, pool_, 5000);
  EXPECT_EQ(Used(pool_), 128u + 128 + 16 + 8192);
  EXPECT_EQ(FreeOn(7, pool_, first), STATUS_OK);
  EXPECT_EQ(Used(pool_), 128u + 16 + 8192);
  heap_pool_info_t info = {};
  EXPECT_EQ(Code(heap_describe(pool_.index, &info)), STATUS_OK);
  EXPECT_EQ(info.blocks, 3u);
  EXPECT_EQ(info.used_bytes, 128u + 16 + 8192);
}

TEST_F(HeapCacheTest, Free_TwiceOrForeign_IsRefusedOnEveryProcessor) {
  const heap_pool_t other = heap_pool_create(kOwner, 10).value;
  void *large = AllocateOn(0, pool_, 5000);
  EXPECT_EQ(FreeOn(1, other, large), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(FreeOn(1, pool_, large), STATUS_OK);
  auto *block = static_cast<unsigned char *>(AllocateOn(0, pool_, 100));
  for (uint32_t number : {0, 1, 0}) {
    EXPECT_EQ(FreeOn(number, other, block), STATUS_INVALID_ARGUMENT);
    EXPECT_EQ(FreeOn(number, pool_, block + 16), STATUS_INVALID_ARGUMENT);
    EXPECT_EQ(FreeOn(number, pool_, block + 128), STATUS_INVALID_ARGUMENT);
  }
  EXPECT_EQ(FreeOn(1, pool_, block), STATUS_OK);
  for (uint32_t number : {0, 1, 2})
    EXPECT_EQ(FreeOn(number, pool_, block), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Used(pool_), 0u);
}

TEST_F(HeapCacheTest, Allocate_FreeBlocksLieInOtherCaches_FindsEveryOne) {
  const heap_pool_t small = heap_pool_create(kOwner, 4).value;
  std::vector<void *> blocks;
  // One chunk of eight blocks is all that the pool may have.
  for (uint32_t i = 0; i < 8; i++) blocks.push_back(AllocateOn(i, small, 2048));
  EXPECT_EQ(Code(heap_allocate(small, 2048).status), STATUS_NO_MEMORY);
  EXPECT_EQ(FreeOn(12, small, blocks[3]), STATUS_OK);
  EXPECT_EQ(AllocateOn(9, small, 2048), blocks[3]);
  EXPECT_EQ(Used(small), 8u * 2048);
}

TEST_F(HeapCacheTest, Allocate_LimitReachedByWhatIsKept_GivesItUp) {
  const heap_pool_t small = heap_pool_create(kOwner, 4).value;
  EXPECT_EQ(FreeOn(1, small, AllocateOn(0, small, 2048)), STATUS_OK);
  EXPECT_EQ(FreeOn(1, small, AllocateOn(0, small, 4 * kFrameBytes)), STATUS_OK);
  AllocateOn(2, small, 2048);
  EXPECT_EQ(mapped_frames, 4u);
}

TEST_F(HeapCacheTest, Allocate_MachineIsFull_OtherPoolsGiveUpWhatTheyKeep) {
  machine_frames = 8;
  const heap_pool_t other = heap_pool_create(kOwner, 100).value;
  EXPECT_EQ(FreeOn(1, other, AllocateOn(0, other, 2048)), STATUS_OK);
  EXPECT_EQ(FreeOn(1, other, AllocateOn(0, other, 3 * kFrameBytes)), STATUS_OK);
  AllocateOn(2, pool_, 8 * kFrameBytes);
  EXPECT_EQ(Code(heap_allocate(other, 16).status), STATUS_NO_MEMORY);
}

TEST_F(HeapCacheTest, Allocate_LimitReached_DisturbsNoOtherPool) {
  const heap_pool_t small = heap_pool_create(kOwner, 4).value;
  AllocateOn(0, small, 4 * kFrameBytes);
  EXPECT_EQ(FreeOn(0, pool_, AllocateOn(0, pool_, 2048)), STATUS_OK);
  const uint64_t before = mapper_calls;
  EXPECT_EQ(Code(heap_allocate(small, 16).status), STATUS_NO_MEMORY);
  EXPECT_EQ(mapper_calls, before);
}

TEST_F(HeapCacheTest, PoolDestroy_BlocksInAllCaches_FreesEverything) {
  for (uint32_t number = 0; number < kProcessors; number++) {
    for (uint64_t bytes = 1; bytes < 9000; bytes *= 2) AllocateOn(number, pool_, bytes);
  }
  void *block = AllocateOn(2, pool_, 32);
  EXPECT_EQ(Code(heap_pool_destroy(pool_)), STATUS_OK);
  EXPECT_TRUE(mapped.empty());
  EXPECT_EQ(FreeOn(2, pool_, block), STATUS_STALE);
  // The next pool in the same place finds nothing of it.
  const heap_pool_t next = heap_pool_create(kOwner, 10).value;
  EXPECT_EQ(next.index, pool_.index);
  EXPECT_EQ(Used(next), 0u);
  EXPECT_EQ(FreeOn(2, next, block), STATUS_INVALID_ARGUMENT);
}

// More pools than a cache has sets.
TEST_F(HeapCacheTest, Allocate_FromManyPools_KeepsThemApart) {
  std::vector<heap_pool_t> pools = {pool_};
  while (pools.size() < 20) pools.push_back(heap_pool_create(kOwner, 100).value);
  std::vector<std::vector<void *>> blocks(pools.size());
  for (int round = 0; round < 10; round++) {
    for (size_t i = 0; i < pools.size(); i++) blocks[i].push_back(AllocateOn(0, pools[i], 64));
  }
  for (size_t i = 0; i < pools.size(); i++) {
    EXPECT_EQ(Used(pools[i]), 640u);
    for (void *block : blocks[i]) ASSERT_EQ(FreeOn(i % 3, pools[i], block), STATUS_OK);
    EXPECT_EQ(Used(pools[i]), 0u);
    EXPECT_EQ(Code(heap_pool_destroy(pools[i])), STATUS_OK);
  }
  EXPECT_TRUE(mapped.empty());
}

struct Block {
  unsigned char *memory;
  uint64_t bytes;
  unsigned char pattern;
};

uint64_t Rounded(uint64_t bytes) {
  uint64_t size = 16;
  if (bytes > 2048) return (bytes + kFrameBytes - 1) / kFrameBytes * kFrameBytes;
  while (size < bytes) size *= 2;
  return size;
}

// A client with one pool, which knows what it has.
class Client {
 public:
  explicit Client(uint32_t seed) : random_(seed) { Renew(); }

  void Operate() {
    const uint32_t what = random_() % 1000;
    if (what == 0) {
      ASSERT_EQ(Code(heap_pool_destroy(pool_)), STATUS_OK);
      Renew();
    } else if (what < (blocks_.size() < 150 ? 520 : 400)) {
      Allocate();
    } else if (!blocks_.empty()) {
      Free();
    }
  }

  void Check() const {
    ASSERT_EQ(heap_used_bytes(pool_).value, used_);
    heap_pool_info_t info = {};
    ASSERT_EQ(Code(heap_describe(pool_.index, &info)), STATUS_OK);
    ASSERT_EQ(info.blocks, blocks_.size());
    ASSERT_LE(info.frames, info.frames_limit);
  }

  void End() {
    while (!blocks_.empty()) Free();
    Check();
    ASSERT_EQ(Code(heap_pool_destroy(pool_)), STATUS_OK);
  }

 private:
  void Renew() {
    blocks_.clear();
    used_ = 0;
    const heap_pool_result_t pool = heap_pool_create(kOwner, 120);
    ASSERT_EQ(Code(pool.status), STATUS_OK);
    pool_ = pool.value;
  }

  void Allocate() {
    const uint64_t bytes = 1 + random_() % (random_() % 8 == 0 ? 30000 : 600);
    const memory_result_t result = heap_allocate(pool_, bytes);
    if (!status_is_ok(result.status)) {
      ASSERT_EQ(Code(result.status), STATUS_NO_MEMORY);
      return;
    }
    const Block block = {static_cast<unsigned char *>(result.value), bytes,
                         static_cast<unsigned char>(1 + random_() % 255)};
    for (uint64_t i = 0; i < bytes; i++) ASSERT_EQ(block.memory[i], 0);
    std::memset(block.memory, block.pattern, bytes);
    blocks_.push_back(block);
    used_ += Rounded(bytes);
  }

  void Free() {
    std::swap(blocks_[random_() % blocks_.size()], blocks_.back());
    const Block block = blocks_.back();
    for (uint64_t i = 0; i < block.bytes; i++) ASSERT_EQ(block.memory[i], block.pattern);
    ASSERT_EQ(Code(heap_free(pool_, block.memory)), STATUS_OK);
    ASSERT_EQ(Code(heap_free(pool_, block.memory)), STATUS_INVALID_ARGUMENT);
    blocks_.pop_back();
    used_ -= Rounded(block.bytes);
  }

  std::mt19937 random_;
  heap_pool_t pool_ = {};
  std::vector<Block> blocks_;
  uint64_t used_ = 0;
};

TEST_F(HeapCacheTest, RandomOperations_OnRoamingTasks_MatchAModel) {
  roaming = true;
  machine_frames = 500;
  std::vector<Client> clients;
  for (uint32_t seed = 0; seed < 10; seed++) clients.emplace_back(seed);
  std::mt19937 random(1);
  for (int i = 0; i < 15000 && !HasFatalFailure(); i++) {
    clients[random() % clients.size()].Operate();
    clients[random() % clients.size()].Check();
    if (i % 1000 == 0) Swap();
  }
  for (Client &client : clients) client.End();
  EXPECT_TRUE(mapped.empty());
}

TEST_F(HeapCacheTest, Threads_WithPoolsOfTheirOwn_LoseNothing) {
  roaming = true;
  std::vector<std::thread> threads;
  for (uint32_t thread = 0; thread < 4; thread++) {
    threads.emplace_back([thread] {
      Client client(thread);
      for (int i = 0; i < 2500 && !HasFatalFailure(); i++) client.Operate();
      client.End();
    });
  }
  for (std::thread &thread : threads) thread.join();
  EXPECT_TRUE(mapped.empty());
}

}  // namespace
