// SPDX-License-Identifier: MIT
// Heap and mapper together, on frames and page tables that fail: each call in turn, once and from
// then on. Nothing may be lost.
//
// The mapper's area does not exist on the host; an arena stands in for it. What the heap gives back
// is therefore turned into the address in the area (the build file wraps the mapper's unmap).
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>
#include <map>
#include <set>
#include <vector>

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/frame_allocator/frame_allocator.h"
#include "cells/heap/heap.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(heap_pools, 256 << 10);
HOST_STATE_BYTES(address_space_mapper_areas, 128 << 10);

namespace {

constexpr owner_t kOwner = {3};
constexpr uint64_t kArenaPages = 4096;

unsigned char *arena;
std::map<uint64_t, uint64_t> pages;  // frames by address
std::set<uint64_t> frames;
uint64_t next_frame = 1;
uint32_t processor = 0;

// Counts down to a call that fails; -1: none does. With `forever`, all after it do, too.
int calls_until_failure = -1;
bool forever = false;
bool failed = false;

uint32_t Code(status_t status) { return status.code; }

bool Fails() {
  if (calls_until_failure < 0) return false;
  if (calls_until_failure > 0) {
    calls_until_failure--;
    return false;
  }
  if (!forever) calls_until_failure = -1;
  failed = true;
  return true;
}

}  // namespace

status_t blob_retain(text_t) { return OK; }

u32_result_t processor_self(void) { return {OK, processor++ % kProcessors}; }

paddr_result_t frame_allocator_allocate(owner_t, uint64_t count) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(count, 1u);
  if (Fails()) return {ERR(NO_MEMORY), {}};
  frames.insert(next_frame);
  return {OK, {next_frame++ * kFrameBytes}};
}

status_t frame_allocator_free(owner_t owner, paddr_t start, uint64_t count) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(owner.number, kOwner.number);
  EXPECT_EQ(count, 1u);
  if (Fails()) return ERR(UNAVAILABLE);
  EXPECT_EQ(frames.erase(start.bytes / kFrameBytes), 1u);
  return OK;
}

memory_result_t memory_map_page(vaddr_t page, paddr_t frame, uint64_t) {
  if (Fails()) return {ERR(NO_MEMORY), nullptr};
  EXPECT_TRUE(pages.emplace(page.bytes, frame.bytes).second);
  return {OK, arena + (page.bytes - kMapperBase)};
}

status_t memory_unmap_pages(vaddr_t first, uint64_t count, unmapped_frames_t *unmapped) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  *unmapped = {};
  unmapped->count = count;
  for (uint64_t i = 0; i < count; i++) {
    const auto found = pages.find(first.bytes + i * kFrameBytes);
    if (found == pages.end()) continue;
    unmapped->frames[i] = {found->second};
    // Whoever still uses it finds no zeros there.
    std::memset(arena + (found->first - kMapperBase), 0xa5, kFrameBytes);
    pages.erase(found);
  }
  return OK;
}

extern "C" {
status_t __real_address_space_mapper_unmap(owner_t owner, void *memory);

status_t __wrap_address_space_mapper_unmap(owner_t owner, void *memory) {
  const uint64_t address =
      kMapperBase + static_cast<uint64_t>(static_cast<unsigned char *>(memory) - arena);
  void *pointer = nullptr;
  std::memcpy(&pointer, &address, sizeof(pointer));
  return __real_address_space_mapper_unmap(owner, pointer);
}
}

namespace {

class HeapExhaustionTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    arena = static_cast<unsigned char *>(mmap(nullptr, kArenaPages * kFrameBytes,
                                              PROT_READ | PROT_WRITE,
                                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    ASSERT_NE(arena, MAP_FAILED);
  }
  static void TearDownTestSuite() { munmap(arena, kArenaPages * kFrameBytes); }

  void SetUp() override {
    HOST_STATE_CLEAR(heap_pools);
    HOST_STATE_CLEAR(address_space_mapper_areas);
    pages.clear();
    frames.clear();
    processor = 0;
    failed = false;
    pool_ = heap_pool_create(kOwner, 60).value;
  }

  // A block that cannot be had is an error, and no other.
  void Allocate(uint64_t bytes) {
    const memory_result_t result = heap_allocate(pool_, bytes);
    if (!status_is_ok(result.status)) {
      ASSERT_EQ(Code(result.status), STATUS_NO_MEMORY);
      return;
    }
    auto *block = static_cast<unsigned char *>(result.value);
    for (uint64_t i = 0; i < bytes; i++) ASSERT_EQ(block[i], 0) << bytes;
    std::memset(block, 0xee, bytes);
    blocks_.push_back(block);
  }

  void FreeHalf() {
    for (size_t i = blocks_.size(); i-- > 0; i -= i > 0 ? 1 : 0) {
      ASSERT_EQ(Code(heap_free(pool_, blocks_[i])), STATUS_OK);
      blocks_.erase(blocks_.begin() + static_cast<long>(i));
    }
  }

  void Work() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 12; i++) Allocate(2048);
      for (uint64_t bytes : {16, 100, 3000, 9000, 70000, 5000, 100000}) Allocate(bytes);
      FreeHalf();
    }
  }

  // With working frames again: everything can be given back, and then is.
  void ExpectNothingLost() {
    for (unsigned char *block : blocks_) ASSERT_EQ(Code(heap_free(pool_, block)), STATUS_OK);
    blocks_.clear();
    EXPECT_EQ(heap_used_bytes(pool_).value, 0u);
    ASSERT_EQ(Code(heap_pool_destroy(pool_)), STATUS_OK);
    // A later call sweeps up what its predecessors could not.
    for (int i = 0; i < 200; i++) {
      const memory_result_t memory = address_space_mapper_map(kOwner, 1);
      ASSERT_EQ(Code(memory.status), STATUS_OK);
      ASSERT_EQ(Code(__wrap_address_space_mapper_unmap(kOwner, memory.value)), STATUS_OK);
    }
    EXPECT_EQ(pages.size(), 0u);
    EXPECT_EQ(frames.size(), 0u);
  }

  // Works once for each call that can fail, until none is left.
  void FailEachCall(bool and_all_after_it) {
    int call = 0;
    for (;; call++) {
      SetUp();
      forever = and_all_after_it;
      calls_until_failure = call;
      Work();
      calls_until_failure = -1;
      ASSERT_NO_FATAL_FAILURE(ExpectNothingLost()) << call;
      if (!failed || HasFailure()) break;
    }
    EXPECT_GT(call, 200);
  }

  heap_pool_t pool_ = {};
  std::vector<unsigned char *> blocks_;
};

TEST_F(HeapExhaustionTest, EachCall_FailsOnce_NothingIsLost) { FailEachCall(false); }

TEST_F(HeapExhaustionTest, FromEachCallOn_AllFail_NothingIsLost) { FailEachCall(true); }

}  // namespace
