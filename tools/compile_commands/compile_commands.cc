// SPDX-License-Identifier: MIT
#include "tools/compile_commands/compile_commands.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "tools/cell_object/files.h"

namespace theseus {
namespace {

constexpr char kExternal[] = "external/";
constexpr char kTarget[] = "--target=";
constexpr char kHosted[] = "linux-gnu";

// Which of several commands is wanted: by file, then the bare machine before the host, then what is
// built for use before what is built as a tool.
using Rank = std::tuple<std::string, bool, bool>;

bool begins_with_any(const std::string &word, const std::vector<std::string> &beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&word](const std::string &start) { return word.starts_with(start); });
}

// For the build only, or newer than clangd 14.
bool is_dropped(const std::string &word) {
  static const std::vector<std::string> kBeginnings = {
      "-MD",
      "-frandom-seed=",
      "-fdebug-compilation-dir=",
      "-Werror",
      "-fsanitize",
      "-fno-sanitize",
      "-fstrict-flex-arrays",
      "-ftrivial-auto-var-init=",
      "--gcc-install-dir=",
  };
  return begins_with_any(word, kBeginnings);
}

bool takes_next(const std::string &word) { return word == "-MF" || word == "-o"; }

// -isystem external/x, --sysroot=external/x, -Iexternal/x
std::string outside(const std::string &word, const std::string &output_base) {
  for (const char *before : {"", "=", "-I", "-L", "-B"}) {
    const std::string start = std::string(before) + kExternal;
    const size_t at = std::string(before) == "="
                          ? word.find(start)
                          : (word.starts_with(start) ? 0 : std::string::npos);
    if (at == std::string::npos) continue;
    std::string moved = word;
    return moved.insert(at + std::string(before).size(), output_base + "/");
  }
  return word;
}

std::vector<std::string> kept(const std::vector<std::string> &words,
                              const std::string &output_base) {
  std::vector<std::string> arguments;
  for (size_t i = 0; i < words.size(); i++) {
    if (takes_next(words[i])) {
      i++;
    } else if (words[i] == "-std=c23") {
      arguments.push_back("-std=c2x");
    } else if (!is_dropped(words[i])) {
      arguments.push_back(outside(words[i], output_base));
    }
  }
  if (!arguments.empty()) {
    arguments.insert(arguments.begin() + 1, "-Wno-unknown-warning-option");
  }
  return arguments;
}

std::string source_of(const std::vector<std::string> &words) {
  const auto found = std::find(words.begin(), words.end(), "-c");
  return found == words.end() || found + 1 == words.end() ? "" : found[1];
}

bool is_hosted(const std::vector<std::string> &words) {
  return std::none_of(words.begin(), words.end(), [](const std::string &word) {
    return word.starts_with(kTarget) && word.find(kHosted) == std::string::npos;
  });
}

bool is_wanted(const std::string &source, const std::vector<std::string> &words) {
  const bool is_ours =
      !source.empty() && !source.starts_with(kExternal) && !source.starts_with("bazel-out/");
  return is_ours && std::none_of(words.begin(), words.end(), [](const std::string &word) {
           return word.starts_with("-fsanitize=address");
         });
}

// Configurations of tools, by their number as it is written (Bazel 4 writes numbers, older ones
// strings).
std::map<std::string, bool> tool_configurations(const Json &actions) {
  std::map<std::string, bool> is_tool;
  for (const Json &configuration : json_member(actions, "configuration")) {
    const std::string name = json_string(json_member(configuration, "mnemonic"));
    is_tool[json_text(json_member(configuration, "id"))] =
        name == "host" || name.find("-opt") != std::string::npos;
  }
  return is_tool;
}

}  // namespace

std::vector<CompileCommand> compile_commands(const Json &actions, const std::string &output_base) {
  const Json &list = json_member(actions, "actions");
  if (!list.is_array()) {
    throw Refusal("aquery", "no actions",
                  "`bazel aquery --output=jsonproto` prints a list of them");
  }
  const std::map<std::string, bool> is_tool = tool_configurations(actions);
  std::map<Rank, CompileCommand> ranked;
  for (const Json &action : list) {
    if (json_string(json_member(action, "mnemonic")) != "CppCompile") continue;
    std::vector<std::string> words;
    for (const Json &word : json_member(action, "arguments")) words.push_back(json_string(word));
    const std::string source = source_of(words);
    if (!is_wanted(source, words)) continue;
    const auto tool = is_tool.find(json_text(json_member(action, "configurationId")));
    const Rank rank = {source, is_hosted(words), tool != is_tool.end() && tool->second};
    ranked.emplace(rank, CompileCommand{source, kept(words, output_base)});
  }
  std::vector<CompileCommand> commands;
  const Rank *last = nullptr;
  for (const auto &[rank, command] : ranked) {
    const bool is_repeated = last != nullptr && std::get<0>(*last) == std::get<0>(rank) &&
                             std::get<1>(*last) == std::get<1>(rank);
    if (!is_repeated) commands.push_back(command);
    last = &rank;
  }
  return commands;
}

std::string compile_commands_json(const std::vector<CompileCommand> &commands,
                                  const std::string &workspace) {
  std::string text = "[";
  const char *separator = "\n";
  for (const CompileCommand &command : commands) {
    text += separator + json_text({{"directory", workspace},
                                   {"file", command.file},
                                   {"arguments", command.arguments}});
    separator = ",\n";
  }
  return text + "\n]\n";
}

}  // namespace theseus
