// SPDX-License-Identifier: MIT
/// @file
/// //testing/bench: native benchmarks, or those inside the system.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "testing/bench/machine.h"
#include "testing/bench/measurements.h"
#include "testing/bench/rendezvous.h"
#include "testing/qemu/text.h"

namespace bench {
namespace {

constexpr const char *kHelp = R"(Measures the speed of Theseus.

usage: tools/bazel run //testing/bench -- [--icount] [--json FILE] [NAME...]
       tools/bazel run //testing/bench -- --rendezvous [--smp N,N...] [--json FILE]

  NAME         a benchmark or a group, such as gate.call or gate; default: all
  --icount     inside the system, under QEMU, in instructions: repeatable
  --rendezvous what it costs to park all processors, for nothing and for a swap, as a
               histogram for each number of processors: 1,2,4,8,16 or those of --smp
  --json FILE  also write one JSON object a line:
               {"name","value","unit","n","min","max"}
  --help       this text

Without --icount the parts that also run on the host are timed on this processor, in
cycles and ns. What only exists inside the system is measured under --icount alone:
times in an emulator say nothing. VALUE is the median of N measurements. The times of
--rendezvous are mostly the host's, which gives each processor a turn; the pause of a
swap is therefore shown beside that of parking the processors for nothing, in one run.
AT MOST is what a figure shall not exceed; LINUX 6.1 what Linux needs for the same.

Exit status: 0; 1 a benchmark failed; 2 usage.

The build rule sets --machine (boots the image) and --native (a program; repeatable).
)";

// Each native program is run so often; its lines add up.
constexpr int kRuns = 3;
constexpr uint64_t kProcessorsMost = 16;
constexpr const char *kPatience = "900";  // seconds for one machine of --rendezvous

enum ExitStatus { kOk = 0, kFailed = 1, kUsage = 2 };

struct Options {
  bool icount = false;
  bool help = false;
  bool rendezvous = false;
  std::string smp;
  std::string json;
  std::string machine;
  std::vector<std::string> natives;
  std::vector<std::string> names;
};

void Say(const std::string &sentence) { std::cerr << "bench: " << sentence << std::endl; }

int Usage(const std::string &problem) {
  Say(problem);
  Say("usage: tools/bazel run //testing/bench -- [--icount] [--json FILE] [NAME...]");
  Say("       tools/bazel run //testing/bench -- --rendezvous [--smp N,N...] [--json FILE]");
  return kUsage;
}

std::string UserPath(const std::string &path) {
  const char *folder = getenv("BUILD_WORKING_DIRECTORY");
  return folder == nullptr || path.starts_with('/') ? path : std::string(folder) + "/" + path;
}

// Where the value of `flag` goes, or null if there is no such flag.
std::string *ValueOf(const std::string &flag, Options *options) {
  if (flag == "--json") return &options->json;
  if (flag == "--smp") return &options->smp;
  if (flag == "--machine") return &options->machine;
  return flag == "--native" ? &options->natives.emplace_back() : nullptr;
}

bool *SwitchOf(const std::string &flag, Options *options) {
  if (flag == "--icount") return &options->icount;
  if (flag == "--rendezvous") return &options->rendezvous;
  return flag == "--help" ? &options->help : nullptr;
}

std::string CheckOptions(const Options &options) {
  if (options.help) return "";
  if (options.rendezvous && options.icount) {
    return "--rendezvous: --icount runs one processor; leave one of them out";
  }
  if (options.rendezvous && !options.names.empty()) {
    return "--rendezvous: takes no names such as '" + options.names[0] + "'";
  }
  if (!options.smp.empty() && !options.rendezvous) return "--smp: goes with --rendezvous";
  if (!options.machine.empty()) return "";
  return "--machine: missing; start it as tools/bazel run //testing/bench";
}

// Returns what is wrong with the command line; empty: nothing.
std::string ParseOptions(const std::vector<std::string> &arguments, Options *options) {
  for (size_t i = 0; i < arguments.size(); i++) {
    const std::string &argument = arguments[i];
    const size_t equals = argument.find('=');
    const std::string flag = argument.substr(0, equals);
    if (bool *option = SwitchOf(argument, options)) {
      *option = true;
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
  return CheckOptions(*options);
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
  std::string command = "bench";
  for (const std::string &name : names) command += " " + name;
  return RunScript(options.machine, {"--icount"}, {command});
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

int WriteJson(const Options &options, const Measurements &measurements) {
  if (options.json.empty()) return kOk;
  std::ofstream json(UserPath(options.json));
  json << JsonLines(measurements.all());
  json.close();
  return json ? kOk : Usage("--json: cannot write '" + UserPath(options.json) + "'");
}

// Where the host has fewer processors than the machine, these take turns on one of them: with a
// thread each, those that are off the host would be waited for by those that are on it.
std::vector<std::string> MachineFlags(unsigned processors) {
  std::vector<std::string> flags = {"--smp", std::to_string(processors), "--timeout", kPatience};
  if (processors > std::thread::hardware_concurrency())
    flags.push_back("--accel=tcg,thread=single");
  return flags;
}

// Boots a machine with so many processors and prints what it measured.
int MeasureRendezvous(const Options &options, unsigned processors, Measurements *measurements) {
  const Ran ran = RunScript(options.machine, MachineFlags(processors), RendezvousCommands());
  const Rendezvous run = ReadRendezvous(processors, ran.output);
  if (!ran.ok || run.changed || run.online == 0 || run.empty.empty() || run.pause.empty()) {
    Say(run.changed ? "processors came while it was measured; the machine printed:"
                    : "the machine printed:");
    std::cerr << ran.output;
    return kFailed;
  }
  std::cout << Histogram(run) << std::endl;
  for (const Measurement &one : AsMeasurements(run)) measurements->Add(one);
  return kOk;
}

int RunRendezvous(const Options &options) {
  std::vector<unsigned> counts;
  std::istringstream list(options.smp.empty() ? "1,2,4,8,16" : options.smp);
  for (std::string word; std::getline(list, word, ',');) {
    const auto count = qemu::ParseNumber(word, 1, kProcessorsMost);
    if (!count) return Usage("--smp: '" + word + "' is not a number from 1 to 16");
    counts.push_back(static_cast<unsigned>(*count));
  }
  Measurements measurements;
  for (const unsigned count : counts) {
    const int status = MeasureRendezvous(options, count, &measurements);
    if (status != kOk) return status;
  }
  std::cout << Table(measurements.all());
  return WriteJson(options, measurements);
}

int Run(const Options &options) {
  if (options.rendezvous) return RunRendezvous(options);
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
  return WriteJson(options, measurements);
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
