// SPDX-License-Identifier: MIT
/// @file
/// What a cell publishes and the blobs that it declares, as the lines of a `.interface` file.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "tools/cell_ast/ast.h"

namespace fingerprint {

struct File {
  std::string path;
  bool is_header;
};

/// A blob that a build file declares.
struct State {
  std::string name;
  std::string type;
  std::string version;
};

struct Request {
  std::vector<File> files;
  std::vector<State> states;
  std::vector<std::string> flags;  // of the compiler
  std::string prefix;              // what names begin with, less the underscore; empty: anything
  std::set<std::string> exports;   // exactly what is published; empty: not checked
  std::set<std::string> direct;    // functions of nano_core that count without being marked
  bool text = false;               // canonical texts instead of lines
};

/// The lines, in the order of the files and then of the source. A function counts for the
/// files that first declare or define it, once. What cannot be published becomes a violation.
std::string Describe(const Request &request, std::vector<cell_ast::Violation> *violations);

}  // namespace fingerprint
