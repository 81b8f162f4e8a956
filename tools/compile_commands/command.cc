// SPDX-License-Identifier: MIT
#include "tools/compile_commands/command.h"

#include <ostream>

#include "tools/cell_object/files.h"
#include "tools/compile_commands/compile_commands.h"
#include "tools/run_target/run_target.h"

namespace theseus {
namespace {

constexpr char kUsage[] =
    "usage: tools/bazel run //tools/compile_commands [-- FLAG...]\n"
    "Writes compile_commands.json at the root of the clone, for clangd and its like: how each "
    "file\n"
    "is compiled, for the bare machine and for the host. Again after a build file has changed.\n"
    "  --for PATTERN   targets whose files are wanted (default: //...); what the image is made of\n"
    "                  is always there\n"
    "  --help\n";

constexpr char kFile[] = "compile_commands.json";

std::string query(const std::string &pattern) {
  return "mnemonic(\"CppCompile\", filter(\"^//\", " + pattern + " + deps(//:image)))";
}

// Bazel's answer ends with a line feed.
std::string output_base(const std::string &workspace, const std::string &bazel) {
  std::string text = output_of(workspace, {bazel, "info", "output_base"});
  while (text.ends_with("\n")) text.pop_back();
  return text;
}

void write(const std::string &pattern, std::ostream &out) {
  const std::string workspace = workspace_folder();
  const std::string bazel = workspace + "/tools/bazel";
  const std::string actions =
      output_of(workspace, {bazel, "aquery", "--output=jsonproto", "--noinclude_artifacts",
                            "--ui_event_filters=-info", "--noshow_progress", query(pattern)});
  const std::vector<CompileCommand> commands =
      compile_commands(parse_json("aquery", actions), output_base(workspace, bazel));
  write_files({{workspace + "/" + kFile, compile_commands_json(commands, workspace)}});
  out << kFile << ": " << commands.size() << " commands\n";
}

int run(const std::vector<std::string> &arguments, std::ostream &out) {
  if (arguments == std::vector<std::string>{"--help"}) {
    out << kUsage;
    return 0;
  }
  if (!arguments.empty() && (arguments.size() != 2 || arguments[0] != "--for")) {
    throw UsageError("unknown argument " + arguments[0]);
  }
  write(arguments.empty() ? "//..." : arguments[1], out);
  return 0;
}

}  // namespace

int compile_commands_tool(const std::vector<std::string> &arguments, std::ostream &out,
                          std::ostream &err) {
  try {
    return run(arguments, out);
  } catch (const UsageError &error) {
    err << "compile_commands: " << error.what() << "\n" << kUsage;
    return 2;
  } catch (const Refusal &refusal) {
    err << refusal.what() << "\n";
    return 1;
  }
}

}  // namespace theseus
