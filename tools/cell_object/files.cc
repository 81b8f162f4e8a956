// SPDX-License-Identifier: MIT
#include "tools/cell_object/files.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

namespace theseus {
namespace {

constexpr char kSuffix[] = ".tmp";

[[noreturn]] void refuse(const std::string &path, const std::string &rule) {
  throw Refusal(path, rule, std::strerror(errno));
}

}  // namespace

std::string read_file(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream content;
  // An empty file sets the fail bit of the copy, not that of the stream.
  if (!stream || (stream.peek() != EOF && !(content << stream.rdbuf()))) {
    refuse(path, "cannot be read");
  }
  return content.str();
}

void write_files(const std::vector<std::pair<std::string, std::string>> &files) {
  for (const auto &[path, content] : files) {
    std::ofstream stream(path + kSuffix, std::ios::binary | std::ios::trunc);
    stream << content;
    stream.close();
    if (!stream) {
      for (const auto &[other, unused] : files) std::remove((other + kSuffix).c_str());
      refuse(path, "cannot be written");
    }
  }
  for (const auto &[path, content] : files) {
    if (std::rename((path + kSuffix).c_str(), path.c_str()) != 0) {
      std::remove((path + kSuffix).c_str());
      refuse(path, "cannot be written");
    }
  }
}

}  // namespace theseus
