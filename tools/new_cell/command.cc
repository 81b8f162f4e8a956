// SPDX-License-Identifier: MIT
#include "tools/new_cell/command.h"

#include <filesystem>
#include <ostream>

#include "tools/cell_object/files.h"
#include "tools/new_cell/template.h"
#include "tools/run_target/run_target.h"

namespace theseus {
namespace {

namespace fs = std::filesystem;

constexpr char kUsage[] =
    "usage: tools/bazel run //tools/new_cell -- NAME\n"
    "Makes the folder cells/NAME: header, source, host test, README.md, BUILD.bazel. It builds at\n"
    "once, and one test of it fails on purpose, with a message that says what to do.\n"
    "NAME is [a-z][a-z0-9_]*, at most 40 characters.\n";

// NAME stands for the cell's name.
constexpr char kNext[] =
    "It builds. One test fails on purpose, and says how to go on:\n"
    "    tools/bazel test //cells/NAME:NAME_test\n"
    "To try it in a running system, add the object whose path the first command prints:\n"
    "    tools/bazel build //cells/NAME:NAME.cell\n"
    "    tools/bazel run //:theseus -- --add OBJECT\n"
    "and type in the shell: `load NAME`, `call NAME NAME_double 21`.\n"
    "When it is to be a part of the system:\n"
    "  1. cells/NAME/BUILD.bazel: in visibility a line \"//cells/CLIENT:__pkg__\" for each "
    "client,\n"
    "     which names \"//cells/NAME\" in its deps\n"
    "  2. BUILD.bazel at the root: \"//cells/NAME\" among the cells of the image\n"
    "  3. platforms/images/default.cells: a line `NAME  why the image has it`\n"
    "  4. cells/README.md: a line with what it does and its state\n"
    "  5. tools/bazel run //tools/size -- --update-budgets\n"
    "     tools/bazel run //tools/graph -- --output docs/cells.svg\n";

std::string named(const std::string &name) {
  std::string text = kNext;
  for (size_t at = 0; (at = text.find("NAME", at)) != std::string::npos; at += name.size()) {
    text.replace(at, 4, name);
  }
  return text;
}

void make(const std::string &name, std::ostream &out) {
  check_new_name(name);
  const fs::path workspace = workspace_folder();
  const fs::path folder = workspace / "cells" / name;
  if (fs::exists(fs::symlink_status(folder))) {
    throw Refusal("cells/" + name, "exists", "choose another name, or remove it first");
  }
  std::vector<std::pair<std::string, std::string>> files;
  std::string names;
  for (const std::string &path : template_files()) {
    files.push_back(instantiate(path, read_file(path), name));
    names += "    " + files.back().first + "\n";
    files.back().first = (workspace / files.back().first).string();
  }
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) throw Refusal("cells/" + name, "cannot be made", error.message());
  try {
    write_files(files);
  } catch (const Refusal &) {
    fs::remove_all(folder, error);
    throw;
  }
  out << "Made:\n" << names << named(name);
}

}  // namespace

int new_cell(const std::vector<std::string> &arguments, std::ostream &out, std::ostream &err) {
  try {
    if (arguments.size() != 1) throw UsageError("one name is wanted");
    if (arguments[0] == "--help") {
      out << kUsage;
      return 0;
    }
    if (arguments[0].starts_with("-")) throw UsageError("unknown argument " + arguments[0]);
    make(arguments[0], out);
    return 0;
  } catch (const UsageError &error) {
    err << "new_cell: " << error.what() << "\n" << kUsage;
    return 2;
  } catch (const Refusal &refusal) {
    err << refusal.what() << "\n";
    return 1;
  }
}

}  // namespace theseus
