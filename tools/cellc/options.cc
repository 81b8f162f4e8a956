// SPDX-License-Identifier: MIT
#include "tools/cellc/options.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <string_view>

namespace cellc {

const char kUsage[] =
    "usage: tools/bazel run //tools/cellc -- [flags] FILE.c -o FILE.cell.o\n"
    "Checks, compiles and stamps one C file as a cell from outside of the tree.\n"
    "  -o FILE                    the object; default: NAME.cell.o\n"
    "  --name NAME                of the cell; default: the file's name less .c\n"
    "  --import CELL              a cell that it calls; repeatable\n"
    "  --client CELL              a cell that may call it; repeatable\n"
    "  --state NAME:TYPE:VERSION  a blob that it works on; repeatable\n"
    "  --hw RIGHT                 port_io, mmio, interrupts, cycle_counter or msr; repeatable\n"
    "  --version N                of the cell; default: 1\n"
    "  --init lazy|eager          when it is initialised; default: lazy\n"
    "  --read-window N            items that a driver can lose; needed with INTERFACE_interrupt\n"
    "  --summary TEXT             one line that `help` and `cells` can show\n"
    "Exit status: 0 written; 1 violations, each as `FILE:LINE:COL: error: RULE: reason`, and "
    "nothing\n"
    "written; 2 usage.\n";

namespace {

constexpr std::array<std::string_view, 5> kRights = {"port_io", "mmio", "interrupts",
                                                     "cycle_counter", "msr"};

bool IsNumber(const std::string &text) {
  return !text.empty() && text.size() <= 9 &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

bool IsState(const std::string &text) {
  const size_t first = text.find(':');
  const size_t last = text.rfind(':');
  return first != std::string::npos && first > 0 && last > first + 1 &&
         IsNumber(text.substr(last + 1));
}

void Validate(Options *options) {
  for (const std::string &right : options->rights) {
    if (std::find(kRights.begin(), kRights.end(), right) == kRights.end()) {
      options->mistake = "--hw " + right + ": there is no such right";
    }
  }
  for (const std::string &state : options->states) {
    if (!IsState(state)) options->mistake = "--state " + state + ": NAME:TYPE:VERSION is wanted";
  }
  if (!IsNumber(options->version)) {
    options->mistake = "--version " + options->version + ": a number is wanted";
  }
  if (!options->read_window.empty() && !IsNumber(options->read_window)) {
    options->mistake = "--read-window " + options->read_window + ": a number is wanted";
  }
  if (options->init != "lazy" && options->init != "eager") {
    options->mistake = "--init " + options->init + ": lazy or eager is wanted";
  }
  if (options->summary.empty() || options->summary.size() > 120 ||
      options->summary.find('\n') != std::string::npos) {
    options->mistake = "--summary: one line of at most 120 characters is wanted";
  }
  if (options->source.empty()) options->mistake = "no C file is given";
}

void TakeSource(const std::string &word, Options *options) {
  if (word.starts_with("-")) {
    options->mistake = "unknown flag " + word;
  } else if (!options->source.empty()) {
    options->mistake = "one C file makes a cell; " + word + " is a second one";
  } else {
    options->source = word;
  }
}

}  // namespace

Options ParseOptions(const std::vector<std::string> &arguments) {
  Options options;
  const std::map<std::string, std::string *> single = {
      {"-o", &options.output},         {"--name", &options.name},
      {"--init", &options.init},       {"--version", &options.version},
      {"--summary", &options.summary}, {"--read-window", &options.read_window},
  };
  const std::map<std::string, std::vector<std::string> *> repeatable = {
      {"--import", &options.imports},
      {"--client", &options.clients},
      {"--state", &options.states},
      {"--hw", &options.rights},
  };
  for (size_t i = 0; i < arguments.size() && options.mistake.empty(); i++) {
    const std::string &word = arguments[i];
    const bool takes_value = single.contains(word) || repeatable.contains(word);
    if (word == "--help" || word == "-h") {
      options.help = true;
    } else if (!takes_value) {
      TakeSource(word, &options);
    } else if (i + 1 == arguments.size()) {
      options.mistake = word + ": a value is missing";
    } else if (single.contains(word)) {
      *single.at(word) = arguments[++i];
    } else {
      repeatable.at(word)->push_back(arguments[++i]);
    }
  }
  if (options.mistake.empty() && !options.help) Validate(&options);
  if (options.name.empty()) options.name = std::filesystem::path(options.source).stem().string();
  if (options.output.empty()) options.output = options.name + ".cell.o";
  return options;
}

}  // namespace cellc
