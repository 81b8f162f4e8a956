// SPDX-License-Identifier: MIT
/// @file
/// Runs the tools that cellc drives.
#pragma once
#include <string>
#include <vector>

namespace cellc {

struct Outcome {
  int exit_status;     // 127 where the program could not be started
  std::string output;  // standard output and error, together
};

/// Runs a program and waits for it; no shell is involved.
Outcome Run(const std::vector<std::string> &command);

}  // namespace cellc
