// SPDX-License-Identifier: MIT
/// @file
/// The dialect of cells: what a source file must not do. README.md lists the rules.
#pragma once
#include <string>
#include <vector>

#include "tools/cell_ast/ast.h"

namespace cell_check {

struct Request {
  std::vector<std::string> files;
  std::vector<std::string> flags;    // of the compiler
  std::vector<std::string> rights;   // hardware intrinsics that the files may include
  std::vector<std::string> trusted;  // folders that are exempt, each ending in a slash
};

/// All rights that there are; each is the name of a header in nano_core/api.
const std::vector<std::string> &KnownRights();

/// What the files violate, sorted by place, each once.
std::vector<cell_ast::Violation> Check(const Request &request);

}  // namespace cell_check
