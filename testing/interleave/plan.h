// SPDX-License-Identifier: MIT
/// @file
/// Who goes on, at which point of a schedule: a function of the seed.
///
/// Most schedules are those of probabilistic concurrency testing: processors have random
/// priorities, the highest that can run does, and at a few random points the one that runs becomes
/// the lowest. A bug that needs d such changes among n processors and k points is then found with a
/// probability of at least 1 / (n k^(d-1)). A few schedules change at random all the time.
/// @source  Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with Probabilistic
///          Guarantees of Finding Bugs. ASPLOS 2010.
#pragma once
#include <array>
#include <cstdint>

#include "testing/interleave/random.h"
#include "testing/interleave/suite.h"

namespace interleave {

class Plan {
 public:
  /// @param points  that a schedule like this one has, about; 0: nobody is to be preempted
  /// @param interrupts  whether processor 0 is to be interrupted
  void Begin(uint64_t seed, int processors, uint64_t points, bool interrupts);

  /// The next point at which AtPoint is to be called; it need not be called at others.
  uint64_t next() const { return next_change_ < next_interrupt_ ? next_change_ : next_interrupt_; }

  /// @param interruptible  whether `current` can be interrupted here
  /// @returns  whether it is
  bool AtPoint(uint64_t point, int current, bool interruptible);

  /// Lets all others go before `current`.
  void Demote(int current);

  /// The one to go on among those whose bit is set in `runnable`, which is not 0.
  int Choose(unsigned runnable);

  /// Whether Choose must be asked whenever somebody becomes runnable.
  bool is_random() const { return period_ != 0; }

 private:
  static constexpr int kMostChanges = 3;
  static constexpr int kInterrupts = 3;
  static constexpr uint64_t kNever = UINT64_MAX;

  void NextChange(uint64_t point);
  void NextInterrupt(uint64_t point);

  Random random_{0};
  uint64_t period_ = 0;  // of a schedule that changes at random; 0: this one does not
  int processors_ = 0;
  int64_t lowest_ = 0;
  std::array<int64_t, kMostProcessors> priorities_ = {};
  std::array<uint64_t, kMostChanges> changes_ = {};
  std::array<uint64_t, kInterrupts> interrupts_ = {};
  uint64_t next_change_ = kNever;
  uint64_t next_interrupt_ = kNever;
};

}  // namespace interleave
