// SPDX-License-Identifier: MIT
/// @file
/// A child process that does not outlive its owner.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "testing/qemu/result.h"

namespace qemu {

/// What a child gets of this process's descriptors.
struct Inheritance {
  int in = -1;              // its standard input; -1: nothing to read
  int out = -1;             // its standard output; -1: where this process has its errors
  std::vector<int> others;  // under the same numbers
};

/// Owns one child: killed and waited for when the object goes, and by the kernel if this process
/// dies. The child is in a session of its own, so keys such as Ctrl-C do not reach it.
class Child {
 public:
  Child() = default;
  Child(const Child &) = delete;
  Child &operator=(const Child &) = delete;
  ~Child() { Kill(); }

  /// Starts `arguments[0]`, which is searched in PATH if it has no '/'.
  /// @errors  no process can be made; a program that cannot be run ends with exit code 126
  Problem Start(const std::vector<std::string> &arguments, const Inheritance &inheritance);

  /// Waits at most `patience` for the child's end.
  /// @returns the status as from waitpid(), or nothing if it still runs
  std::optional<int> Wait(std::chrono::milliseconds patience);

  /// Ends the child at once, if it runs.
  void Kill();

 private:
  pid_t pid_ = 0;  // 0: none runs
};

}  // namespace qemu
