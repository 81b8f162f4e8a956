// SPDX-License-Identifier: MIT
/// @file
/// The command line of the tool.
#pragma once
#include <iosfwd>
#include <string>
#include <vector>

namespace theseus {

/// Runs `graph ARGUMENTS...`.
/// @returns  the exit status: 0; 1 something was refused, intent and fact differ, there is a cycle
///           or the committed picture is out of date; 2 usage
int graph_tool(const std::vector<std::string> &arguments, std::ostream &out, std::ostream &err);

}  // namespace theseus
