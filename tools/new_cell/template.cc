// SPDX-License-Identifier: MIT
#include "tools/new_cell/template.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

#include "nano_core/loader/manifest.h"
#include "tools/cell_object/files.h"

namespace theseus {
namespace {

constexpr char kFolder[] = "testing/specimens/new_cell_example";
constexpr char kName[] = "new_cell_example";
constexpr char kSuite[] = "NewCellExample";
constexpr char kSpecimenOnly[] = "# only in the specimen";

std::string replaced(std::string text, const std::string &old, const std::string &by) {
  for (size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += by.size()) {
    text.replace(at, old.size(), by);
  }
  return text;
}

// frame_allocator -> FrameAllocator
std::string camel_case(const std::string &name) {
  std::string text;
  bool is_first = true;
  for (const char c : name) {
    if (c == '_') {
      is_first = true;
    } else {
      text += is_first ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      is_first = false;
    }
  }
  return text;
}

// Without the lines that only the specimen has, and without blank lines at the end.
std::string trimmed(const std::string &content) {
  std::string text;
  std::istringstream lines(content);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(kSpecimenOnly) == std::string::npos) text += line + "\n";
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace

std::vector<std::string> template_files() {
  const std::string start = std::string(kFolder) + "/";
  return {start + "BUILD.bazel", start + "README.md", start + kName + ".c", start + kName + ".h",
          start + kName + "_test.cc"};
}

void check_new_name(const std::string &name) {
  static const std::set<std::string> kTaken = {"all", "nano_core", "out_of_tree"};
  if (!manifest_is_name({name.data(), name.size()})) {
    throw Refusal(name, "bad name", "a cell's name is [a-z][a-z0-9_]*, a noun, not abbreviated");
  }
  if (name.size() > kNewCellNameBytes) {
    throw Refusal(name, "long name",
                  "it has " + std::to_string(name.size()) +
                      " characters, and functions put words " + "behind it: at most " +
                      std::to_string(kNewCellNameBytes));
  }
  if (name.ends_with("_") || name.find("__") != std::string::npos) {
    throw Refusal(name, "bad name", "one `_` stands between two words, none at the end");
  }
  if (kTaken.contains(name) || name.ends_with("_test") || name.ends_with("_migrations")) {
    throw Refusal(name, "taken name", "it means something else: choose another one");
  }
}

std::pair<std::string, std::string> instantiate(const std::string &path, const std::string &content,
                                                const std::string &name) {
  const auto named = [&name](const std::string &text) {
    const std::string moved = replaced(text, kFolder, "cells/" + name);
    return replaced(replaced(moved, kName, name), kSuite, camel_case(name));
  };
  return {named(path), named(trimmed(content))};
}

}  // namespace theseus
