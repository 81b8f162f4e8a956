// SPDX-License-Identifier: MIT
/// @file
/// What the build hands to cellc (the rule cell_kit): flags, headers and interfaces.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace cellc {

struct ImportableCell {
  std::string interface;             // its interface file
  std::vector<std::string> headers;  // its own, and those that they include
};

/// Paths are relative to the folder in which the tools lie.
struct Kit {
  std::vector<std::string> flags;    // of the compiler
  std::vector<std::string> headers;  // nano_core/api and patterns
  std::vector<std::string> runtime;  // archives of what the compiler calls by itself
  std::string core_interface;
  std::map<std::string, ImportableCell> cells;
};

/// Lines `WORD VALUE`; the values of a `cell` line are separated by blanks, a flag is the rest of
/// its line.
Kit ParseKit(const std::string &text);

}  // namespace cellc
