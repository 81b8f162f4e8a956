// SPDX-License-Identifier: MIT
#include "testing/qemu/archive.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "testing/qemu/child.h"

namespace qemu {
namespace {

constexpr auto kPatience = std::chrono::seconds(60);

// Bazel gives each test a folder of its own.
std::string TemporaryRoot() {
  for (const char *name : {"TEST_TMPDIR", "TMPDIR"}) {
    const char *value = getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return "/tmp";
}

}  // namespace

BootArchive::~BootArchive() {
  std::error_code ignored;  // at worst a temporary file stays
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

Problem BootArchive::Make(const Options &options) {
  path_ = options.archive;
  std::vector<std::string> files;
  for (const AddedObject &object : options.adds) files.push_back(object.name + "=" + object.path);
  if (options.gdb) {
    for (const std::string &path : options.debug) {
      files.push_back(std::filesystem::path(path).filename().string() + "=" + path);
    }
  }
  if (files.empty()) return {};
  if (options.archive_tool.empty()) return "--add, --gdb: the build rule gives no --archive-tool";
  std::string folder = TemporaryRoot() + "/theseus.XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) {
    return "cannot make a folder in " + TemporaryRoot() + " (" + std::strerror(errno) +
           "); set TMPDIR to one that can be written";
  }
  folder_ = folder;
  path_ = folder_ + "/cells.cpio";
  std::vector<std::string> command = {options.archive_tool, "append", "--archive",
                                      options.archive,      "-o",     path_};
  command.insert(command.end(), files.begin(), files.end());
  Child tool;
  if (Problem problem = tool.Start(command, {}); !problem.empty()) return problem;
  const auto status = tool.Wait(kPatience);
  return status == 0 ? "" : "--add: the archive tool failed; what it says is above";
}

}  // namespace qemu
