// SPDX-License-Identifier: MIT
/// @file
/// Fibers: stacks between which one thread switches, in some nanoseconds.
#pragma once
#include <cstddef>
#include <vector>

extern "C" void interleave_switch(void **left, void *entered);

namespace interleave {

/// A stack, and where it was left. One that never ends its entry can be begun anew: what its
/// functions hold is lost then.
class Fiber {
 public:
  /// Has the next switch to it call `entry`, which does not return.
  void Begin(void (*entry)()) {
    constexpr size_t kSaved = 6;  // what interleave_switch takes from the stack
    void **top = stack_.data() + stack_.size();
    *--top = nullptr;  // in place of a return address
    *--top = reinterpret_cast<void *>(entry);
    for (size_t i = 0; i < kSaved; i++) *--top = nullptr;
    place_ = top;
  }

  /// Leaves the stack that this is, which is remembered in `*left`, for this fiber.
  void Enter(void **left) { interleave_switch(left, place_); }

  void **place() { return &place_; }

 private:
  static constexpr size_t kWords = 256 * 1024 / sizeof(void *);
  // Aligned as malloc aligns: to 16 bytes.
  std::vector<void *> stack_ = std::vector<void *>(kWords);
  void *place_ = nullptr;
};

}  // namespace interleave
