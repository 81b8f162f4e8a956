// SPDX-License-Identifier: MIT
/// @file
/// The command line of cellc.
#pragma once
#include <string>
#include <vector>

namespace cellc {

struct Options {
  std::string source;  // as the user wrote it
  std::string output;
  std::string name;  // default: the source's base name
  std::string summary = "a cell from outside of the tree";
  std::string version = "1";
  std::string init = "lazy";
  std::string read_window;  // empty: none
  std::vector<std::string> imports;
  std::vector<std::string> clients;
  std::vector<std::string> states;
  std::vector<std::string> rights;
  bool help = false;
  std::string mistake;  // what is wrong with the command line; empty: nothing
};

/// What --help prints.
extern const char kUsage[];

Options ParseOptions(const std::vector<std::string> &arguments);

}  // namespace cellc
