// SPDX-License-Identifier: MIT
/// @file
/// The command line of the tool.
#pragma once
#include <iosfwd>
#include <string>
#include <vector>

namespace theseus {

/// Runs `compile_commands ARGUMENTS...`.
/// @returns  the exit status: 0; 1 something was refused, and nothing was written; 2 usage
int compile_commands_tool(const std::vector<std::string> &arguments, std::ostream &out,
                          std::ostream &err);

}  // namespace theseus
