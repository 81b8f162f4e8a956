// SPDX-License-Identifier: MIT
/// @file
/// //testing/bench: native benchmarks, or those inside the system.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "testing/bench/measurements.h"
#include "testing/qemu/command_line.h"
#include "testing/qemu/text.h"

namespace bench {
namespace {

constexpr const char *kHelp = R"(Measures the speed of Theseus.

usage: tools/bazel run //testing/bench -- [--icount] [--json FILE] [NAME...]

  NAME         a benchmark or a group, such as gate.call or gate; default: all
  --icount     inside the system, under QEMU, in instructions: repeatable
  --json FILE  also write one JSON object a line:
               {"name","value","unit","n","min","max"}
  --help       this text

Without --icount the parts that also run on the host are timed on this processor, in
cycles and ns. What only exists inside the system is measured under --icount alone:
times in an emulator say nothing. VALUE is the median of N measurements.

Exit status: 0; 1 a benchmark failed; 2 usage.

The build rule sets --machine (boots the image) and --native (a program; repeatable).
)";

// Each native program is run so often; its lines add up.
constexpr int kRuns = 3;

enum ExitStatus { kOk = 0, kFailed = 1, kUsage = 2 };

struct Options {
  bool icount = false;
  bool help = false;
  std::string json;
  std::string machine;
  std::vector<std::string> natives;
  std::vector<std::string> names;
};

struct Ran {
  bool ok = false;
  std::string output;
};

void Say(const std::string &sentence) { std::cerr << "bench: " << sentence << std::endl; }

int Usage(const std::string &problem) {
  Say(problem);
  Say("usage: tools/bazel run //testing/bench -- [--icount] [--json FILE] [NAME...]");
  return kUsage;
}

Ran RunProgram(const std::vector<std::string> &line) {
  Ran ran;
  FILE *pipe = popen(qemu::Quoted(line).c_str(), "r");
  if (pipe == nullptr) return ran;
  char buffer[4096];
  while (const size_t got = fread(buffer, 1, sizeof buffer, pipe)) ran.output.append(buffer, got);
  ran.ok = pclose(pipe) == 0;
  return ran;
}

std::string UserPath(const std::string &path) {
  const char *folder = getenv("BUILD_WORKING_DIRECTORY");
  return folder == nullptr || path.starts_with('/') ? path : std::string(folder) + "/" + path;
}

// Where the value of `flag` goes, or null if there is no such flag.
std::string *ValueOf(const std::string &flag, Options *options) {
  if (flag == "--json") return &options->json;
  if (flag == "--machine") return &options->machine;
  return flag == "--native" ? &options->natives.emplace_back() : nullptr;
}

// Returns what is wrong with the command line; empty: nothing.
std::string ParseOptions(const std::vector<std::string> &arguments, Options *options) {
  for (size_t i = 0; i < arguments.size(); i++) {
    const std::string &argument = arguments[i];
    const size_t equals = argument.find('=');
    const std::string flag = argument.substr(0, equals);
    if (argument == "--icount" || argument == "--help") {
      (argument == "--icount" ? options->icount : options->help) = true;
    } else if (!argument.starts_with("-")) {
      options->names.push_back(argument);
    } else if (std::string *value = ValueOf(flag, options)) {
      if (equals == std::string::npos && i + 1 == arguments.size()) {
        return flag + ": its value is missing";
      }
      *value = equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1);
      if (value->empty()) return flag + ": its value is empty";
    } else {
      return "unknown flag '" + flag + "'; --help lists them";
    }
  }
  if (options->machine.empty() && !options->help) {
    return "--machine: missing; start it as tools/bazel run //testing/bench";
  }
  return "";
}

bool MeasureNatively(const Options &options, Measurements *measurements) {
  for (const std::string &program : options.natives) {
    for (int i = 0; i < kRuns; i++) {
      const Ran ran = RunProgram({program});
      measurements->Read(ran.output);
      if (ran.ok) continue;
      Say(program + " failed");
      return false;
    }
  }
  return true;
}

// Runs the shell's `bench` for these names.
Ran RunMachine(const Options &options, const std::vector<std::string> &names) {
  std::string folder = std::filesystem::temp_directory_path() / "bench.XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return {};
  std::string command = "bench";
  for (const std::string &name : names) command += " " + name;
  std::ofstream(folder + "/script") << command << "\n";
  Ran ran = RunProgram({options.machine, "--icount", "--script", folder + "/script"});
  std::error_code ignored;  // at worst a temporary file stays
  std::filesystem::remove_all(folder, ignored);
  return ran;
}

bool MeasureInside(const Options &options, Measurements *measurements) {
  Ran ran = RunMachine(options, options.names);
  // An unknown name: all of them then, to be listed.
  if (!ran.ok && qemu::Contains(ran.output, "\n= error NOT_FOUND")) ran = RunMachine(options, {});
  measurements->Read(ran.output);
  if (ran.ok) return true;
  Say("the machine printed:");
  std::cerr << ran.output;
  return false;
}

int Unknown(const Options &options, const std::vector<std::string> &names,
            const Measurements &measurements) {
  std::string sentence = "no benchmark is called";
  for (const std::string &name : names) sentence += " '" + name + "'";
  sentence += options.icount ? "; inside the system there are" : "; without --icount there are";
  for (const Measurement &one : measurements.all()) sentence += " " + one.name;
  return Usage(sentence + (options.icount ? "" : "; see --help"));
}

int Run(const Options &options) {
  Measurements measurements;
  const bool measured = options.icount ? MeasureInside(options, &measurements)
                                       : MeasureNatively(options, &measurements);
  if (!measured) return kFailed;
  const auto unknown = measurements.Select(options.names);
  if (!unknown.empty()) return Unknown(options, unknown, measurements);
  if (measurements.all().empty()) {
    Say("nothing was measured");
    return kFailed;
  }
  std::cout << Table(measurements.all());
  if (options.json.empty()) return kOk;
  std::ofstream json(UserPath(options.json));
  json << JsonLines(measurements.all());
  json.close();
  return json ? kOk : Usage("--json: cannot write '" + UserPath(options.json) + "'");
}

int Main(int count, char **values) {
  Options options;
  const std::string problem =
      ParseOptions(std::vector<std::string>(values + 1, values + count), &options);
  if (!problem.empty()) return Usage(problem);
  if (!options.help) return Run(options);
  std::cout << kHelp;
  return kOk;
}

}  // namespace
}  // namespace bench

int main(int count, char **values) { return bench::Main(count, values); }
