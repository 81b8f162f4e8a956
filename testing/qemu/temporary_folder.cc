// SPDX-License-Identifier: MIT
#include "testing/qemu/temporary_folder.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace qemu {
namespace {

// Bazel gives each test a folder of its own.
std::string Root() {
  for (const char *name : {"TEST_TMPDIR", "TMPDIR"}) {
    const char *value = getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return "/tmp";
}

}  // namespace

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // at worst a temporary file stays
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Problem TemporaryFolder::Make() {
  if (!path_.empty()) return {};
  std::string path = Root() + "/theseus.XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return "cannot make a folder in " + Root() + " (" + std::strerror(errno) +
           "); set TMPDIR to one that can be written";
  }
  path_ = path;
  return {};
}

}  // namespace qemu
