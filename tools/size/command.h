// SPDX-License-Identifier: MIT
/// @file
/// The command line of the tool.
#pragma once
#include <iosfwd>
#include <string>
#include <vector>

namespace theseus {

/// Runs `size ARGUMENTS...`.
/// @returns  the exit status: 0; 1 something was refused or a budget is exceeded; 2 usage
int size_tool(const std::vector<std::string> &arguments, std::ostream &out, std::ostream &err);

}  // namespace theseus
