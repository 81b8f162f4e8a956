// SPDX-License-Identifier: MIT
/// @file
/// Numbers that depend on a seed and on nothing else, so that a schedule can be made again.
#pragma once
#include <cstdint>

namespace interleave {

/// splitmix64: any seed will do, neighbouring ones included.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
  }

  /// A number in [0, end); end is at least 1.
  uint64_t Below(uint64_t end) {
    return static_cast<uint64_t>((static_cast<unsigned __int128>(Next()) * end) >> 64);
  }

  /// True in so many of a hundred cases.
  bool Percent(uint64_t percent) { return Below(100) < percent; }

 private:
  uint64_t state_;
};

}  // namespace interleave
