// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fstream>
#include <iostream>

#include "tools/cell_check/check.h"

namespace {

constexpr char kUsage[] =
    "usage: cell_check [--right R]... [--trusted FOLDER/]... [--output FILE] FILE.c...\n"
    "                  -- CLANGFLAGS\n"
    "Prints `FILE:LINE:COL: error: RULE: reason` for each breach of the dialect and exits with 1.\n"
    "FILE, if given, is written when there is none. README.md lists the rules.\n";

constexpr int kViolation = 1;
constexpr int kUsageError = 2;

struct Arguments {
  cell_check::Request request;
  std::string output;
  std::string mistake;
};

bool Take(const std::string &flag, const std::string &value, Arguments *arguments) {
  const std::vector<std::string> &rights = cell_check::KnownRights();
  if (flag == "--output") {
    arguments->output = value;
  } else if (flag == "--trusted") {
    arguments->request.trusted.push_back(value);
  } else if (flag == "--right") {
    arguments->request.rights.push_back(value);
    if (std::find(rights.begin(), rights.end(), value) == rights.end()) {
      arguments->mistake = "unknown right '" + value + "'";
    }
  } else {
    return false;
  }
  return true;
}

Arguments Parse(int argc, char **argv) {
  Arguments arguments;
  int i = 1;
  for (; i < argc && std::string(argv[i]) != "--"; i++) {
    const std::string word = argv[i];
    if (!word.starts_with("--")) {
      arguments.request.files.push_back(word);
    } else if (i + 1 >= argc || !Take(word, argv[++i], &arguments)) {
      arguments.mistake = "unknown flag '" + word + "'";
    }
  }
  for (i++; i < argc; i++) arguments.request.flags.push_back(argv[i]);
  if (arguments.request.files.empty()) arguments.mistake = "no file";
  if (arguments.request.trusted.empty()) arguments.request.trusted.push_back("nano_core/api/");
  return arguments;
}

}  // namespace

int main(int argc, char **argv) {
  const Arguments arguments = Parse(argc, argv);
  if (!arguments.mistake.empty()) {
    std::cerr << "cell_check: " << arguments.mistake << "\n" << kUsage;
    return kUsageError;
  }
  const std::vector<cell_ast::Violation> violations = cell_check::Check(arguments.request);
  for (const cell_ast::Violation &violation : violations) {
    std::cerr << ToString(violation) << "\n";
  }
  if (!violations.empty()) return kViolation;
  if (!arguments.output.empty() && !std::ofstream(arguments.output)) {
    std::cerr << "cell_check: cannot write " << arguments.output << "\n";
    return kUsageError;
  }
  return 0;
}
