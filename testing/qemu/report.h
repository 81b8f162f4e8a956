// SPDX-License-Identifier: MIT
/// @file
/// What was checked and how it went.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace qemu {

/// One thing that was checked.
struct Check {
  enum class State { kPassed, kFailed, kSkipped };

  std::string name;
  State state = State::kPassed;
  std::string problem;  // why it failed or was skipped
  double seconds = 0;
};

/// All checks of a run, in order.
class Report {
 public:
  void Add(Check check) { checks_.push_back(std::move(check)); }
  const std::vector<Check> &checks() const { return checks_; }

  size_t Count(Check::State state) const {
    size_t count = 0;
    for (const Check &check : checks_) count += check.state == state;
    return count;
  }
  bool failed() const { return Count(Check::State::kFailed) > 0; }

 private:
  std::vector<Check> checks_;
};

}  // namespace qemu
