// SPDX-License-Identifier: MIT
// cells/frame_allocator: no frame has two owners, none is lost, and accounts are exact in the end.
#include "cells/frame_allocator/frame_allocator.h"

#include <array>
#include <atomic>

#include "testing/interleave/suite.h"

INTERLEAVE_STATE(frame_allocator_pool, 1 << 20);

namespace {

constexpr uint64_t kFirst = 256;
constexpr uint64_t kFrames = 6 * 64;  // few enough to run out of, too few for all the caches
constexpr uint64_t kOwners = 3;
constexpr uint64_t kHeld = 40;  // runs that a processor holds at most

struct Run {
  owner_t owner;
  uint64_t first;
  uint64_t count;
};

class FrameAllocatorSuite : public interleave::Suite {
 public:
  void Prepare() override {
    INTERLEAVE_CHECK(status_is_ok(frame_allocator_initialize()), "frame_allocator_initialize");
    INTERLEAVE_CHECK(frame_allocator_free_frames().value == kFrames, "not all frames are free");
  }

  void Begin(interleave::Random &random, int) override {
    compares_accounts_ = random.Percent(20);
    for (Place &place : places_) place.owner.store(0, std::memory_order_relaxed);
    for (Holder &holder : holders_) holder.count = 0;
  }

  void Run(int processor, int operations, interleave::Random &random) override {
    Holder &holder = holders_[static_cast<size_t>(processor)];
    for (int i = 0; i < operations; i++) {
      const uint64_t choice = random.Below(100);
      if (choice < 50 && holder.count < kHeld) {
        Allocate(&holder, random);
      } else if (choice < 90 && holder.count > 0) {
        Free(&holder, random);
      } else if (choice < 95) {
        AskForTooMuch(random);
      } else {
        LookAtNumbers();
      }
    }
  }

  void End() override {
    std::array<uint64_t, kOwners + 1> held = {};
    uint64_t all = 0;
    for (const Holder &holder : holders_) {
      for (uint64_t i = 0; i < holder.count; i++) {
        held[holder.runs[i].owner.number] += holder.runs[i].count;
        all += holder.runs[i].count;
      }
    }
    const uint64_t free = frame_allocator_free_frames().value;
    INTERLEAVE_CHECK(free == kFrames - all, "%llu frames are free in place of %llu",
                     static_cast<unsigned long long>(free),
                     static_cast<unsigned long long>(kFrames - all));
    if (compares_accounts_) CompareAccounts(held);
    for (Holder &holder : holders_) {
      while (holder.count > 0) GiveBack(holder.runs[--holder.count]);
    }
    INTERLEAVE_CHECK(frame_allocator_free_frames().value == kFrames, "frames are lost");
    const paddr_result_t whole = frame_allocator_allocate({1}, kFrames);
    INTERLEAVE_CHECK(status_is_ok(whole.status), "what is free is not found");
  }

 private:
  // Whose a frame is; relaxed, so that ThreadSanitizer sees no order where the cell makes none.
  struct Place {
    std::atomic<uint32_t> owner{0};
    uint64_t note = 0;  // written as a holder writes to memory
  };

  struct Holder {
    uint64_t count = 0;
    std::array<struct Run, kHeld> runs;
  };

  void Claim(const struct Run &run) {
    INTERLEAVE_CHECK(run.first >= kFirst && run.first + run.count <= kFirst + kFrames,
                     "frame %llu is none of this machine's",
                     static_cast<unsigned long long>(run.first));
    for (uint64_t i = 0; i < run.count; i++) {
      Place &place = places_[run.first - kFirst + i];
      const uint32_t before = place.owner.exchange(run.owner.number, std::memory_order_relaxed);
      INTERLEAVE_CHECK(before == 0, "frame %llu was handed out twice",
                       static_cast<unsigned long long>(run.first + i));
      place.note = run.owner.number;
    }
  }

  void GiveBack(const struct Run &run) {
    for (uint64_t i = 0; i < run.count; i++) {
      Place &place = places_[run.first - kFirst + i];
      INTERLEAVE_CHECK(place.note == run.owner.number, "somebody else wrote to frame %llu",
                       static_cast<unsigned long long>(run.first + i));
      place.owner.store(0, std::memory_order_relaxed);
    }
    interleave::Note("frees %llu frames from %llu on", static_cast<unsigned long long>(run.count),
                     static_cast<unsigned long long>(run.first));
    const status_t status = frame_allocator_free(run.owner, {run.first * kFrameBytes}, run.count);
    INTERLEAVE_CHECK(status_is_ok(status), "freeing %llu frames from %llu on answers %u",
                     static_cast<unsigned long long>(run.count),
                     static_cast<unsigned long long>(run.first), status.code);
  }

  static uint64_t SomeCount(interleave::Random &random) {
    if (random.Percent(70)) return 1;
    return 1 + random.Below(random.Percent(50) ? 8 : 100);
  }

  void Allocate(Holder *holder, interleave::Random &random) {
    const owner_t owner = {static_cast<uint32_t>(1 + random.Below(kOwners))};
    const uint64_t count = SomeCount(random);
    const paddr_result_t result = frame_allocator_allocate(owner, count);
    if (status_is(result.status, STATUS_NO_MEMORY)) return;
    INTERLEAVE_CHECK(status_is_ok(result.status), "allocating answers %u", result.status.code);
    const struct Run run = {owner, result.value.bytes / kFrameBytes, count};
    interleave::Note("has %llu frames from %llu on", static_cast<unsigned long long>(count),
                     static_cast<unsigned long long>(run.first));
    Claim(run);
    holder->runs[holder->count++] = run;
  }

  // A whole run, or its front part.
  void Free(Holder *holder, interleave::Random &random) {
    struct Run *run = &holder->runs[random.Below(holder->count)];
    const uint64_t count = random.Percent(30) ? 1 + random.Below(run->count) : run->count;
    GiveBack({run->owner, run->first, count});
    run->first += count;
    run->count -= count;
    if (run->count == 0) *run = holder->runs[--holder->count];
  }

  static void AskForTooMuch(interleave::Random &random) {
    const paddr_result_t result = frame_allocator_allocate({1}, kFrames + 1 + random.Below(100));
    INTERLEAVE_CHECK(status_is(result.status, STATUS_NO_MEMORY), "more frames than there are");
  }

  static void LookAtNumbers() {
    INTERLEAVE_CHECK(frame_allocator_free_frames().value <= kFrames, "too many frames are free");
    INTERLEAVE_CHECK(frame_allocator_total_frames().value == kFrames, "the total changes");
    frame_usage_t usage = {};
    if (status_is_ok(frame_allocator_usage(0, &usage))) {
      INTERLEAVE_CHECK(usage.frames <= kFrames, "an account holds too much");
    }
  }

  static void CompareAccounts(const std::array<uint64_t, kOwners + 1> &held) {
    std::array<uint64_t, kOwners + 1> accounted = {};
    frame_usage_t usage = {};
    for (uint64_t i = 0;; i++) {
      const status_t status = frame_allocator_usage(i, &usage);
      if (status_is(status, STATUS_END)) break;
      if (status_is_ok(status)) accounted[usage.owner.number] += usage.frames;
    }
    for (size_t owner = 1; owner <= kOwners; owner++) {
      INTERLEAVE_CHECK(accounted[owner] == held[owner],
                       "owner %zu holds %llu frames, its account says %llu", owner,
                       static_cast<unsigned long long>(held[owner]),
                       static_cast<unsigned long long>(accounted[owner]));
    }
  }

  bool compares_accounts_ = false;  // which takes as long as the schedule
  std::array<Place, kFrames> places_;
  std::array<Holder, interleave::kMostProcessors> holders_;
};

// What nano_core donates, once.
int regions = 1;

}  // namespace

status_t memory_donate(frame_range_t *region) {
  interleave::Call("memory_donate");
  if (regions-- <= 0) return ERR(END);
  *region = {{kFirst * kFrameBytes}, kFrames};
  return OK;
}

INTERLEAVE_SUITE("frame_allocator", FrameAllocatorSuite);
