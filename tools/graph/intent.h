// SPDX-License-Identifier: MIT
/// @file
/// Intent: what the build files say about who calls whom, and what is declared beside them.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace theseus {

/// One cell, as its build file has it.
struct CellIntent {
  std::string implements;
  std::vector<std::string> clients;  // labels: //cells/shell:__pkg__
  std::vector<std::string> deps;     // names of cells
};

/// By the name of the cell.
using Intent = std::map<std::string, CellIntent>;

/// Reads what intent.bzl writes.
/// @param subject  named in refusals
/// @throws Refusal
Intent read_intent(const std::string &subject, const std::string &text);

/// A line `KIND FROM TO reason` of declared.txt: what differs from the rule on purpose.
struct Declaration {
  /// reference: FROM calls TO by a name that it makes up while it runs
  /// types: FROM depends on TO for its types only
  /// cycle: the import of TO by FROM closes a cycle
  std::string kind;
  std::string from;
  std::string to;  // may end with `*`: any rest
  std::string reason;

  bool covers(const std::string &kind, const std::string &from, const std::string &to) const;
};

using Declarations = std::vector<Declaration>;

/// @param subject  named in refusals
/// @throws Refusal: a line is malformed, has no reason or is there twice
Declarations read_declarations(const std::string &subject, const std::string &text);

}  // namespace theseus
