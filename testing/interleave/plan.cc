// SPDX-License-Identifier: MIT
#include "testing/interleave/plan.h"

#include <utility>

namespace interleave {
namespace {

constexpr uint64_t kRandomPercent = 5;

}  // namespace

void Plan::Begin(uint64_t seed, int processors, uint64_t points, bool interrupts) {
  random_ = Random(seed ^ UINT64_C(0x5c4ed01e));
  processors_ = processors;
  lowest_ = 0;
  const bool random = points != 0 && random_.Percent(kRandomPercent);
  period_ = random ? UINT64_C(2) << random_.Below(4) : 0;
  for (int i = 0; i < processors; i++) priorities_[static_cast<size_t>(i)] = i + 1;
  for (auto i = static_cast<size_t>(processors); i > 1; i--) {
    std::swap(priorities_[i - 1], priorities_[random_.Below(i)]);
  }
  const uint64_t changes = points == 0 ? 0 : 1 + random_.Below(kMostChanges);
  for (size_t i = 0; i < kMostChanges; i++) {
    changes_[i] = i < changes ? 1 + random_.Below(points) : kNever;
  }
  const uint64_t count = points == 0 || !interrupts ? 0 : random_.Below(kInterrupts + 1);
  for (size_t i = 0; i < kInterrupts; i++) {
    interrupts_[i] = i < count ? 1 + random_.Below(points) : kNever;
  }
  NextChange(0);
  NextInterrupt(0);
}

void Plan::NextChange(uint64_t point) {
  next_change_ = kNever;
  if (period_ != 0) {
    next_change_ = point + 1 + random_.Below(period_);
    return;
  }
  for (const uint64_t change : changes_) {
    if (change > point && change < next_change_) next_change_ = change;
  }
}

void Plan::NextInterrupt(uint64_t point) {
  next_interrupt_ = kNever;
  for (const uint64_t interrupt : interrupts_) {
    if (interrupt > point && interrupt < next_interrupt_) next_interrupt_ = interrupt;
  }
}

bool Plan::AtPoint(uint64_t point, int current, bool interruptible) {
  if (point >= next_change_) {
    if (period_ == 0) Demote(current);
    NextChange(point);
  }
  if (point < next_interrupt_) return false;
  if (!interruptible) {
    // It is pending until it can come in. Others that fall due meanwhile merge with it.
    next_interrupt_ = point + 1;
    return false;
  }
  NextInterrupt(point);
  return true;
}

void Plan::Demote(int current) { priorities_[static_cast<size_t>(current)] = --lowest_; }

int Plan::Choose(unsigned runnable) {
  if (period_ != 0) {
    auto left =
        static_cast<int>(random_.Below(static_cast<uint64_t>(__builtin_popcount(runnable))));
    for (; left > 0; left--) runnable &= runnable - 1;
    return __builtin_ctz(runnable);
  }
  int best = -1;
  for (int i = 0; i < processors_; i++) {
    if ((runnable >> i & 1) == 0) continue;
    if (best < 0 || priorities_[static_cast<size_t>(i)] > priorities_[static_cast<size_t>(best)]) {
      best = i;
    }
  }
  return best;
}

}  // namespace interleave
