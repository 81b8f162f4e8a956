// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "tools/fingerprint/interface.h"

namespace {

constexpr char kUsage[] =
    "usage: fingerprint [--text] [--prefix P] [--output FILE] [--direct FUNCTION]...\n"
    "                   [--export FUNCTION]...\n"
    "                   {--header H.h | --source F.c}... [--state NAME:TYPE:VERSION]...\n"
    "                   -- CLANGFLAGS\n"
    "Prints `FUNCTION FINGERPRINT SHAPE` for each published function that the files declare, and\n"
    "`state NAME FINGERPRINT VERSION BYTES` for each blob. README.md has the details.\n";

// Exit codes, as of all tools: 1 a violation, 2 usage.
constexpr int kViolation = 1;
constexpr int kUsageError = 2;

struct Arguments {
  fingerprint::Request request;
  std::string output;
  bool valid = true;
};

bool ParseState(const std::string &text, fingerprint::State *state) {
  const size_t first = text.find(':');
  const size_t last = text.rfind(':');
  if (first == std::string::npos || first == last) return false;
  state->name = text.substr(0, first);
  state->type = text.substr(first + 1, last - first - 1);
  state->version = text.substr(last + 1);
  return !state->name.empty() && !state->type.empty() && !state->version.empty() &&
         state->version.find_first_not_of("0123456789") == std::string::npos;
}

bool Take(const std::string &flag, const std::string &value, Arguments *arguments) {
  fingerprint::Request &request = arguments->request;
  if (flag == "--header" || flag == "--source") {
    request.files.push_back({value, flag == "--header"});
  } else if (flag == "--prefix") {
    request.prefix = value;
  } else if (flag == "--direct") {
    request.direct.insert(value);
  } else if (flag == "--export") {
    request.exports.insert(value);
  } else if (flag == "--output") {
    arguments->output = value;
  } else if (flag == "--state") {
    fingerprint::State state;
    if (!ParseState(value, &state)) return false;
    request.states.push_back(state);
  } else {
    return false;
  }
  return true;
}

Arguments Parse(int argc, char **argv) {
  Arguments arguments;
  int i = 1;
  for (; i < argc && std::string(argv[i]) != "--" && arguments.valid; i++) {
    const std::string flag = argv[i];
    if (flag == "--text") {
      arguments.request.text = true;
    } else if (i + 1 < argc) {
      arguments.valid = Take(flag, argv[++i], &arguments);
    } else {
      arguments.valid = false;
    }
  }
  for (i++; i < argc; i++) arguments.request.flags.push_back(argv[i]);
  arguments.valid = arguments.valid && !arguments.request.files.empty();
  return arguments;
}

}  // namespace

int main(int argc, char **argv) {
  const Arguments arguments = Parse(argc, argv);
  if (!arguments.valid) {
    std::cerr << kUsage;
    return kUsageError;
  }
  std::vector<cell_ast::Violation> violations;
  const std::string report = fingerprint::Describe(arguments.request, &violations);
  for (const cell_ast::Violation &violation : violations) {
    std::cerr << ToString(violation) << "\n";
  }
  if (!violations.empty()) return kViolation;
  if (arguments.output.empty()) {
    std::cout << report;
    return 0;
  }
  std::ofstream file(arguments.output, std::ios::binary);
  file << report;
  file.close();
  if (file) return 0;
  std::cerr << "fingerprint: cannot write " << arguments.output << "\n";
  return kUsageError;
}
