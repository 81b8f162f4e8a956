// SPDX-License-Identifier: MIT
/// @file
/// A value, or a sentence that says why there is none.
#pragma once
#include <string>
#include <utility>

namespace qemu {

/// `problem` is empty exactly when `value` is meaningful. A problem names the thing and the remedy,
/// without prefix and without a line end.
template <typename T>
struct [[nodiscard]] Result {
  T value{};
  std::string problem;

  bool ok() const { return problem.empty(); }
  static Result Good(T good) { return {std::move(good), {}}; }
  static Result Bad(std::string sentence) { return {{}, std::move(sentence)}; }
};

/// What a function returns that has nothing to hand back: empty is success.
using Problem = std::string;

}  // namespace qemu
