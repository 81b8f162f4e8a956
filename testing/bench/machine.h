// SPDX-License-Identifier: MIT
/// @file
/// Runs programs, and scripts in the machine, for what they print.
#pragma once
#include <string>
#include <vector>

namespace bench {

struct Ran {
  bool ok = false;  // it answered 0
  std::string output;
};

Ran RunProgram(const std::vector<std::string> &line);

/// Boots a machine that runs these commands of the shell.
/// @param machine  the program that boots it
/// @param flags    for it, besides the script
Ran RunScript(const std::string &machine, const std::vector<std::string> &flags,
              const std::vector<std::string> &commands);

}  // namespace bench
