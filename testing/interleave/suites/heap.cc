// SPDX-License-Identifier: MIT
// cells/heap: no block is handed out twice, fresh ones are all zero, accounts are exact in the end,
// and a pool can be destroyed while others allocate from it.
#include "cells/heap/heap.h"

#include <array>
#include <atomic>
#include <cstring>

#include "cells/address_space_mapper/address_space_mapper.h"
#include "testing/interleave/suite.h"

INTERLEAVE_STATE(heap_pools, 1 << 20);

namespace {

constexpr owner_t kOwner = {5};
constexpr uint64_t kSlots = 96;
constexpr uint64_t kSlotFrames = 4;  // no more are mapped at once
constexpr uint64_t kHeld = 12;       // blocks that a processor holds at most

// Memory as the mapper hands it out. A slot's word is how many frames are mapped there; it is taken
// and given back in order, as the mapper's own monitor would have it.
alignas(kFrameBytes) unsigned char memory[kSlots][kSlotFrames * kFrameBytes];
std::array<std::atomic<uint64_t>, kSlots> mapped;

uint64_t MappedFrames() {
  uint64_t frames = 0;
  for (const auto &slot : mapped) frames += slot.load();
  return frames;
}

}  // namespace

memory_result_t address_space_mapper_map(owner_t owner, uint64_t frames) {
  interleave::Call("address_space_mapper_map");
  INTERLEAVE_CHECK(owner.number == kOwner.number, "maps for another owner");
  if (frames == 0 || frames > kSlotFrames) return {ERR(NO_MEMORY), nullptr};
  for (size_t i = 0; i < kSlots; i++) {
    uint64_t free = 0;
    if (!mapped[i].compare_exchange_strong(free, frames)) continue;
    std::memset(memory[i], 0, frames * kFrameBytes);
    return {OK, memory[i]};
  }
  return {ERR(NO_MEMORY), nullptr};
}

status_t address_space_mapper_unmap(owner_t owner, void *start) {
  interleave::Call("address_space_mapper_unmap");
  INTERLEAVE_CHECK(owner.number == kOwner.number, "unmaps for another owner");
  const auto offset = static_cast<size_t>(static_cast<unsigned char *>(start) - memory[0]);
  INTERLEAVE_CHECK(offset < sizeof(memory) && offset % sizeof(memory[0]) == 0,
                   "unmaps what was not mapped");
  INTERLEAVE_CHECK(mapped[offset / sizeof(memory[0])].exchange(0) != 0, "unmaps twice");
  return OK;
}

namespace {

class HeapSuite : public interleave::Suite {
 public:
  void Prepare() override { INTERLEAVE_CHECK(status_is_ok(heap_initialize()), "heap_initialize"); }

  void Begin(interleave::Random &random, int) override {
    for (auto &slot : mapped) slot.store(0);
    pool_ = heap_pool_create(kOwner, 8 + random.Below(40)).value;
    doomed_ = heap_pool_create(kOwner, 40).value;
    destroyed_.store(false);
    destroys_ = random.Percent(30);
  }

  void Run(int processor, int operations, interleave::Random &random) override {
    Held held;
    held.stamp = static_cast<unsigned char>(processor + 1);
    for (int i = 0; i < operations; i++) {
      const uint64_t choice = random.Below(100);
      if (choice < 50 && held.count < kHeld) {
        Allocate(&held, random);
      } else if (choice < 85 && held.count > 0) {
        Free(&held, random.Below(held.count));
      } else if (choice < 95) {
        UseDoomed(random);
      } else {
        FreeNothing();
      }
      if (processor == 0 && destroys_ && i == operations / 2) DestroyDoomed();
    }
    while (held.count > 0) Free(&held, held.count - 1);
  }

  void End() override {
    heap_pool_info_t info = {};
    INTERLEAVE_CHECK(heap_used_bytes(pool_).value == 0, "bytes are left in use");
    INTERLEAVE_CHECK(status_is_ok(heap_describe(pool_.index, &info)), "the pool is gone");
    INTERLEAVE_CHECK(info.blocks == 0, "%u blocks are left", info.blocks);
    if (!destroyed_.load()) DestroyDoomed();
    INTERLEAVE_CHECK(info.frames == MappedFrames(), "%llu frames are mapped, the account says %llu",
                     static_cast<unsigned long long>(MappedFrames()),
                     static_cast<unsigned long long>(info.frames));
    INTERLEAVE_CHECK(status_is_ok(heap_pool_destroy(pool_)), "the pool cannot be destroyed");
    INTERLEAVE_CHECK(MappedFrames() == 0, "memory stays mapped");
  }

 private:
  struct Block {
    unsigned char *start;
    uint64_t bytes;
  };

  struct Held {
    unsigned char stamp;
    uint64_t count = 0;
    std::array<Block, kHeld> blocks;
  };

  static uint64_t SomeSize(interleave::Random &random) {
    if (random.Percent(70)) return 1 + random.Below(2048);
    return 1 + random.Below(kSlotFrames * kFrameBytes);
  }

  // Looking at both ends, and at a step in between, is enough: blocks overlap by whole blocks.
  static void Stamp(const Block &block, unsigned char before, unsigned char after) {
    for (uint64_t at = 0; at < block.bytes;
         at = at + 1 < block.bytes && at + 61 >= block.bytes ? block.bytes - 1 : at + 61) {
      INTERLEAVE_CHECK(block.start[at] == before, "byte %llu of a block of %llu is not its owner's",
                       static_cast<unsigned long long>(at),
                       static_cast<unsigned long long>(block.bytes));
      block.start[at] = after;
    }
  }

  void Allocate(Held *held, interleave::Random &random) {
    const uint64_t bytes = SomeSize(random);
    const memory_result_t result = heap_allocate(pool_, bytes);
    if (status_is(result.status, STATUS_NO_MEMORY)) return;
    INTERLEAVE_CHECK(status_is_ok(result.status), "allocating answers %u", result.status.code);
    const Block block = {static_cast<unsigned char *>(result.value), bytes};
    interleave::Note("has a block of %llu bytes at memory+0x%zx",
                     static_cast<unsigned long long>(bytes),
                     static_cast<size_t>(block.start - memory[0]));
    Stamp(block, 0, held->stamp);
    held->blocks[held->count++] = block;
  }

  void Free(Held *held, uint64_t which) {
    const Block block = held->blocks[which];
    held->blocks[which] = held->blocks[--held->count];
    Stamp(block, held->stamp, held->stamp);
    const status_t status = heap_free(pool_, block.start);
    INTERLEAVE_CHECK(status_is_ok(status), "freeing a block answers %u", status.code);
  }

  void FreeNothing() const {
    INTERLEAVE_CHECK(status_is(heap_free(pool_, memory[0] + 1), STATUS_INVALID_ARGUMENT),
                     "what is no block is freed");
  }

  // From a pool that somebody may destroy meanwhile: what is allocated goes with it.
  void UseDoomed(interleave::Random &random) const {
    const status_t status = heap_allocate(doomed_, 1 + random.Below(5000)).status;
    INTERLEAVE_CHECK(status_is_ok(status) || status_is(status, STATUS_STALE) ||
                         status_is(status, STATUS_NO_MEMORY),
                     "allocating from a pool that goes answers %u", status.code);
    INTERLEAVE_CHECK(destroys_ || !status_is(status, STATUS_STALE), "the pool is gone");
  }

  void DestroyDoomed() {
    const status_t status = heap_pool_destroy(doomed_);
    INTERLEAVE_CHECK(status_is_ok(status), "destroying a pool answers %u", status.code);
    destroyed_.store(true);
  }

  heap_pool_t pool_ = {};
  heap_pool_t doomed_ = {};
  bool destroys_ = false;
  std::atomic<bool> destroyed_{false};
};

}  // namespace

INTERLEAVE_SUITE("heap", HeapSuite);
