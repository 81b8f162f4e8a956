// SPDX-License-Identifier: MIT
/// @file
/// Random numbers that are the same on every machine: splitmix64.
#pragma once
#include <cstdint>
#include <vector>

namespace theseus::testing {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// 0 .. limit - 1; `limit` is not 0.
  uint64_t below(uint64_t limit) { return next() % limit; }

  /// True once in `times`.
  bool once_in(uint64_t times) { return below(times) == 0; }

  /// One of `choices`, which is not empty.
  template <typename T>
  T one_of(const std::vector<T> &choices) {
    return choices[below(choices.size())];
  }

 private:
  uint64_t state_;
};

}  // namespace theseus::testing
