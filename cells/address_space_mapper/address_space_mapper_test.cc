// SPDX-License-Identifier: MIT
#include "cells/address_space_mapper/address_space_mapper.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "cells/frame_allocator/frame_allocator.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(address_space_mapper_areas, 128 << 10);

namespace {

constexpr owner_t kHeap = {1};
constexpr owner_t kConsole = {2};
constexpr uint64_t kArenaPages = 4096;

struct Page {
  uint64_t frame;
  uint64_t flags;
};

// The machine: page tables, frames, and memory behind the mapper's area, which is elsewhere here.
// `wrong` counts down to a call that fails.
std::map<uint64_t, Page> pages;
std::set<uint64_t> frames;
unsigned char *arena;
int calls_until_failure = -1;
bool fails_for_ever = false;
status_t failure = {STATUS_NO_MEMORY};

bool Fails() {
  if (calls_until_failure == 0 && fails_for_ever) return true;
  return calls_until_failure >= 0 && calls_until_failure-- == 0;
}

uint32_t Code(status_t status) { return status.code; }

// Cell addresses lie in the mapper's area; the memory behind them is the arena.
unsigned char *Memory(uint64_t address) { return arena + (address - kMapperBase); }

}  // namespace

paddr_result_t frame_allocator_allocate(owner_t owner, uint64_t count) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(owner.number, kHeap.number);
  EXPECT_EQ(count, 1u);
  if (Fails()) return {failure, {}};
  uint64_t frame = 1;
  while (frames.count(frame) != 0) frame++;
  frames.insert(frame);
  return {OK, {frame * kFrameBytes}};
}

status_t frame_allocator_free(owner_t owner, paddr_t start, uint64_t count) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(owner.number, kHeap.number);
  EXPECT_EQ(count, 1u);
  if (Fails()) return failure;
  EXPECT_EQ(frames.erase(start.bytes / kFrameBytes), 1u);
  return OK;
}

status_t blob_retain(text_t) { return OK; }

memory_result_t memory_map_page(vaddr_t page, paddr_t frame, uint64_t flags) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (Fails()) return {failure, nullptr};
  EXPECT_TRUE(pages.emplace(page.bytes, Page{frame.bytes / kFrameBytes, flags}).second);
  return {OK, Memory(page.bytes)};
}

status_t memory_unmap_pages(vaddr_t first, uint64_t count, unmapped_frames_t *unmapped) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_GE(count, 1u);
  EXPECT_LE(count, static_cast<uint64_t>(kUnmapPages));
  if (Fails()) return failure;
  *unmapped = {};
  unmapped->count = count;
  for (uint64_t i = 0; i < count; i++) {
    const auto found = pages.find(first.bytes + i * kFrameBytes);
    if (found == pages.end()) continue;
    unmapped->frames[i] = {found->second.frame * kFrameBytes};
    pages.erase(found);
  }
  return OK;
}

namespace {

class AddressSpaceMapperTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    arena = static_cast<unsigned char *>(mmap(nullptr, kArenaPages * kFrameBytes,
                                              PROT_READ | PROT_WRITE,
                                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    ASSERT_NE(arena, MAP_FAILED);
  }
  static void TearDownTestSuite() { munmap(arena, kArenaPages * kFrameBytes); }

  void SetUp() override {
    HOST_STATE_CLEAR(address_space_mapper_areas);
    pages.clear();
    frames.clear();
    calls_until_failure = -1;
    fails_for_ever = false;
    failure = ERR(NO_MEMORY);
    std::memset(arena, 0xa5, 64 * kFrameBytes);
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  // What the cell was told is an address of the arena; it must be unmapped by its true address.
  static uint64_t Address(const void *memory) {
    return kMapperBase + static_cast<uint64_t>(static_cast<const unsigned char *>(memory) - arena);
  }
  static void *Pointer(uint64_t address) {
    void *pointer = nullptr;
    std::memcpy(&pointer, &address, sizeof(pointer));
    return pointer;
  }

  uint64_t Map(uint64_t count) {
    const memory_result_t result = address_space_mapper_map(kHeap, count);
    EXPECT_EQ(Code(result.status), STATUS_OK);
    return status_is_ok(result.status) ? Address(result.value) : 0;
  }

  uint64_t Areas() {
    uint64_t count = 0;
    mapped_area_t area = {};
    for (uint64_t i = 0;; i++) {
      const status_t status = address_space_mapper_describe(i, &area);
      if (status_is(status, STATUS_END)) return count;
      if (status_is_ok(status)) count++;
    }
  }
};

TEST_F(AddressSpaceMapperTest, Map_ThreeFrames_IsZeroedAndGuarded) {
  const uint64_t first = Map(3);
  EXPECT_EQ(pages.size(), 3u);
  EXPECT_EQ(frames.size(), 3u);
  for (uint64_t i = 0; i < 3 * kFrameBytes; i++) ASSERT_EQ(Memory(first)[i], 0);
  EXPECT_EQ(Memory(first)[3 * kFrameBytes], 0xa5);
  EXPECT_EQ(pages[first].flags, uint64_t{kPageWritable});
  // The next area leaves a page free.
  EXPECT_EQ(Map(1), first + 4 * kFrameBytes);
}

TEST_F(AddressSpaceMapperTest, Map_ZeroOrTooMany_IsRefused) {
  EXPECT_EQ(Code(address_space_mapper_map(kHeap, 0).status), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(address_space_mapper_map(kHeap, UINT64_MAX).status), STATUS_NO_MEMORY);
  EXPECT_EQ(Code(address_space_mapper_map(kHeap, kMapperBytes / kFrameBytes).status),
            STATUS_NO_MEMORY);
  EXPECT_EQ(Areas(), 0u);
}

TEST_F(AddressSpaceMapperTest, Unmap_WhatWasMapped_LeavesNothing) {
  const uint64_t first = Map(3);
  const uint64_t second = Map(2);
  EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(first))), STATUS_OK);
  EXPECT_EQ(pages.size(), 2u);
  EXPECT_EQ(Map(3), first);  // the gap is used again
  EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(first))), STATUS_OK);
  EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(second))), STATUS_OK);
  EXPECT_TRUE(pages.empty());
  EXPECT_TRUE(frames.empty());
  EXPECT_EQ(Areas(), 0u);
}

TEST_F(AddressSpaceMapperTest, Unmap_Foreign_ChangesNothing) {
  const uint64_t first = Map(3);
  EXPECT_EQ(Code(address_space_mapper_unmap(kConsole, Pointer(first))), STATUS_DENIED);
  EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(first + kFrameBytes))),
            STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(first + 8))), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, nullptr)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(kMapperBase + kMapperBytes))),
            STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(pages.size(), 3u);
  EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(first))), STATUS_OK);
  EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(first))), STATUS_INVALID_ARGUMENT);
}

TEST_F(AddressSpaceMapperTest, MapDevice_Registers_AreUncachedAndTakeNoFrames) {
  const memory_result_t result =
      address_space_mapper_map_device(kConsole, {0xb8000}, kFrameBytes + 1);
  ASSERT_EQ(Code(result.status), STATUS_OK);
  const uint64_t first = Address(result.value);
  EXPECT_EQ(pages.size(), 2u);
  EXPECT_EQ(pages[first + kFrameBytes].frame, 0xb9u);
  EXPECT_EQ(pages[first].flags, uint64_t{kPageWritable | kPageUncached});
  EXPECT_EQ(Memory(first)[0], 0xa5);  // a device is not cleared
  mapped_area_t area = {};
  EXPECT_EQ(Code(address_space_mapper_describe(0, &area)), STATUS_OK);
  EXPECT_EQ(area.device, 1u);
  EXPECT_EQ(area.start.bytes, first);
  EXPECT_EQ(area.pages, 2u);
  EXPECT_EQ(Code(address_space_mapper_unmap(kConsole, Pointer(first))), STATUS_OK);
  EXPECT_TRUE(frames.empty());
}

TEST_F(AddressSpaceMapperTest, MapDevice_BadRange_IsInvalidArgument) {
  EXPECT_EQ(Code(address_space_mapper_map_device(kConsole, {0xb8000}, 0).status),
            STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(address_space_mapper_map_device(kConsole, {0xb8001}, 1).status),
            STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(address_space_mapper_map_device(kConsole, {0xb8000}, UINT64_MAX).status),
            STATUS_INVALID_ARGUMENT);
}

TEST_F(AddressSpaceMapperTest, Map_EveryCallFailsOnce_KeepsNothing) {
  int failed = 0;
  for (;; failed++) {
    calls_until_failure = failed;
    const memory_result_t result = address_space_mapper_map(kHeap, 4);
    calls_until_failure = -1;
    if (status_is_ok(result.status)) break;
    EXPECT_EQ(Code(result.status), STATUS_NO_MEMORY);
    EXPECT_TRUE(pages.empty()) << failed;
    EXPECT_TRUE(frames.empty()) << failed;
    EXPECT_EQ(Areas(), 0u) << failed;
  }
  EXPECT_EQ(failed, 8);  // a frame and a page for each
}

// From some call on everything fails, so that not even the clean-up succeeds.
TEST_F(AddressSpaceMapperTest, Map_EverythingFailsFromACallOn_LaterCallsCleanUp) {
  for (int good = 0; good < 8; good++) {
    calls_until_failure = good;
    fails_for_ever = true;
    EXPECT_EQ(Code(address_space_mapper_map(kHeap, 4).status), STATUS_NO_MEMORY);
    fails_for_ever = false;
    calls_until_failure = -1;
    EXPECT_EQ(Areas(), good < 2 ? 0u : 1u) << good;
    const uint64_t first = Map(1);
    EXPECT_EQ(frames.size(), 1u) << good;
    EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(first))), STATUS_OK);
    EXPECT_TRUE(pages.empty()) << good;
    EXPECT_TRUE(frames.empty()) << good;
    EXPECT_EQ(Areas(), 0u) << good;
  }
}

// Nobody was told of an abandoned area, so nobody can unmap it.
TEST_F(AddressSpaceMapperTest, Unmap_AbandonedArea_IsInvalidArgument) {
  calls_until_failure = 2;
  fails_for_ever = true;
  EXPECT_EQ(Code(address_space_mapper_map(kHeap, 4).status), STATUS_NO_MEMORY);
  EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(kMapperBase))), STATUS_INVALID_ARGUMENT);
}

TEST_F(AddressSpaceMapperTest, Unmap_FrameAllocatorGone_CanGoOnLater) {
  const uint64_t first = Map(3);
  failure = ERR(UNAVAILABLE);
  calls_until_failure = 2;  // the second page's frame cannot be returned
  EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(first))), STATUS_UNAVAILABLE);
  calls_until_failure = -1;
  EXPECT_EQ(frames.size(), 1u);
  EXPECT_EQ(pages.size(), 1u);
  EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(first))), STATUS_OK);
  EXPECT_TRUE(frames.empty());
  EXPECT_TRUE(pages.empty());
  EXPECT_EQ(Areas(), 0u);
}

TEST_F(AddressSpaceMapperTest, Map_AllPlacesTaken_IsNoMemory) {
  std::vector<uint64_t> areas;
  for (int i = 0; i < 1024; i++) areas.push_back(Map(1));
  EXPECT_EQ(Code(address_space_mapper_map(kHeap, 1).status), STATUS_NO_MEMORY);
  for (const uint64_t area : areas) {
    EXPECT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(area))), STATUS_OK);
  }
  EXPECT_TRUE(frames.empty());
}

TEST_F(AddressSpaceMapperTest, RandomOperations_Always_KeepAreasApart) {
  std::mt19937 random(1);
  std::map<uint64_t, uint64_t> areas;
  for (int i = 0; i < 3000; i++) {
    if (areas.size() < 40 && random() % 2 == 0) {
      const uint64_t count = 1 + random() % 6;
      areas[Map(count)] = count;
    } else if (!areas.empty()) {
      auto area = areas.begin();
      std::advance(area, random() % areas.size());
      ASSERT_EQ(Code(address_space_mapper_unmap(kHeap, Pointer(area->first))), STATUS_OK);
      areas.erase(area);
    }
    uint64_t end = 0;
    for (const auto &[start, count] : areas) {
      ASSERT_GE(start, end);
      end = start + (count + 1) * kFrameBytes;
    }
  }
}

}  // namespace
