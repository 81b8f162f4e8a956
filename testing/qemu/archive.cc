// SPDX-License-Identifier: MIT
#include "testing/qemu/archive.h"

#include <filesystem>

#include "testing/qemu/child.h"

namespace qemu {
namespace {

constexpr auto kPatience = std::chrono::seconds(60);

}  // namespace

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
  if (Problem problem = folder_.Make(); !problem.empty()) return problem;
  path_ = folder_.path() + "/cells.cpio";
  std::vector<std::string> command = {options.archive_tool, "append", "--archive",
                                      options.archive,      "-o",     path_};
  command.insert(command.end(), files.begin(), files.end());
  Child tool;
  if (Problem problem = tool.Start(command, {}); !problem.empty()) return problem;
  const auto status = tool.Wait(kPatience);
  return status == 0 ? "" : "--add: the archive tool failed; what it says is above";
}

}  // namespace qemu
