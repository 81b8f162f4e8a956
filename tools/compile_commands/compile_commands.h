// SPDX-License-Identifier: MIT
/// @file
/// Turns Bazel's list of actions into compile_commands.json.
#pragma once
#include <string>
#include <vector>

#include "tools/json/json.h"

namespace theseus {

struct CompileCommand {
  std::string file;  // from the root of the workspace
  std::vector<std::string> arguments;

  bool operator==(const CompileCommand &) const = default;
};

/// The commands for a code model: of each file one for the bare machine and one for the host, as
/// far as there are, that of the bare machine first; sorted by file. Commands of outside sources
/// and of sanitized twins are left out. Flags that only the build needs, or that older clangds do
/// not know, are dropped. Paths that begin in `external/` begin in `output_base` then, since the
/// workspace has no such folder.
/// @param actions  what `aquery --output=jsonproto` prints
/// @throws Refusal: it is not that
std::vector<CompileCommand> compile_commands(const Json &actions, const std::string &output_base);

/// The file's text.
std::string compile_commands_json(const std::vector<CompileCommand> &commands,
                                  const std::string &workspace);

}  // namespace theseus
