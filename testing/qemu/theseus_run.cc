// SPDX-License-Identifier: MIT
/// @file
/// The program behind //:theseus and every qemu_test.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "testing/qemu/archive.h"
#include "testing/qemu/display.h"
#include "testing/qemu/interactive.h"
#include "testing/qemu/junit.h"
#include "testing/qemu/options.h"
#include "testing/qemu/output.h"
#include "testing/qemu/screenshot.h"
#include "testing/qemu/script_runner.h"
#include "testing/qemu/tap.h"

namespace qemu {
namespace {

int Usage(const std::string &problem) {
  Say(problem);
  Say("usage: tools/bazel run //:theseus -- [--script FILE] [FLAG...]; --help lists the flags");
  return kExitUsage;
}

std::string Environment(const char *name) {
  const char *value = getenv(name);
  return value == nullptr ? "" : value;
}

Result<Script> ReadScript(const std::string &path) {
  std::ostringstream text;
  if (path == "-") {
    text << std::cin.rdbuf();
  } else {
    text << std::ifstream(path, std::ios::binary).rdbuf();
  }
  Result<Script> script = ParseScript(text.str());
  if (!script.ok()) script.problem = "--script: " + path + ": " + script.problem;
  return script;
}

int DryRun(const Options &options) {
  Wiring wiring;
  wiring.initrd = options.archive;
  wiring.serial = "stdio";
  wiring.debugcon = "null";
  wiring.display = ChooseDisplay(options);
  std::cout << Quoted(CommandLine(options, wiring)) << std::endl;
  if (!options.adds.empty()) Say("a real run adds the objects to a copy of the archive (-initrd)");
  return kExitOk;
}

void ReadTap(const Transcript &transcript, Report *report) {
  TapReader reader;
  size_t position = 0;
  while (const auto line = transcript.NextLine(&position)) reader.Read(*line, report);
  reader.Finish(report);
}

// Bazel asks for the XML file of a test by this variable.
int WriteReport(const Options &options, const Report &report, const Transcript &transcript) {
  std::string suite = Environment("TEST_TARGET");
  if (suite.empty()) suite = options.script;
  for (const std::string &path : {options.junit, Environment("XML_OUTPUT_FILE")}) {
    if (path.empty()) continue;
    const Problem problem = WriteFile(path, JunitXml(report, suite, transcript.Since(0)));
    if (!problem.empty()) return Usage("--junit: " + problem);
  }
  return kExitOk;
}

// Bazel keeps what a test leaves there.
std::string PictureFolder() {
  const std::string kept = Environment("TEST_UNDECLARED_OUTPUTS_DIR");
  return kept.empty() ? Environment("BUILD_WORKING_DIRECTORY") : kept;
}

int WriteTrace(const Options &options, const std::string &trace) {
  const Problem problem = WriteFile(options.trace, trace);
  return problem.empty() ? kExitOk : Usage("--trace: " + problem);
}

int RunScript(const Options &options, const Script &script, const std::string &initrd) {
  Transcript transcript;
  Report report;
  bool muted = false;
  StandardOutput output;
  Machine machine([&](std::string_view bytes) {
    const std::string_view added = transcript.Add(bytes);
    if (!muted) output.Write(added);
  });
  Wiring wiring;
  wiring.initrd = initrd;
  wiring.display = ChooseDisplay(options);
  wiring.ansi = options.terminal;
  if (const Problem problem = machine.Start(options, wiring); !problem.empty()) {
    Say(problem);
    return kExitDied;
  }
  Screen screen(&machine, options, PictureFolder());
  ScriptRunner runner(&machine, &transcript, &screen, &report);
  runner.say = [&](const std::string &sentence) { Say(options.script + ": " + sentence); };
  runner.mute = [&] { muted = true; };
  runner.take_trace = !options.trace.empty();
  Patience patience;
  patience.run = std::chrono::seconds(options.timeout_s);
  patience.key = std::chrono::seconds(options.key_timeout_s);
  int status = runner.Run(script, patience);
  machine.Stop();
  if (options.tap) ReadTap(transcript, &report);
  if (status == kExitOk && report.failed()) status = kExitFailed;
  int written = WriteReport(options, report, transcript);
  if (written == kExitOk && !runner.trace().empty()) written = WriteTrace(options, runner.trace());
  return status == kExitOk ? written : status;
}

int Run(const Options &options) {
  if (const Problem problem = CheckFiles(options); !problem.empty()) return Usage(problem);
  Result<Script> script;
  if (!options.script.empty()) script = ReadScript(options.script);
  if (!script.ok()) return Usage(script.problem);
  if (options.dry_run) return DryRun(options);
  BootArchive archive;
  if (const Problem problem = archive.Make(options); !problem.empty()) return Usage(problem);
  if (options.gdb) {
    Say("the machine waits for a debugger; in another terminal: tools/bazel run //tools/gdb");
  }
  if (!options.script.empty()) return RunScript(options, script.value, archive.path());
  return RunInteractive(options, archive.path(), ChooseDisplay(options));
}

int Main(int count, char **values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  const Result<Options> options = ParseOptions(arguments, Environment("BUILD_WORKING_DIRECTORY"));
  if (!options.ok()) return Usage(options.problem);
  if (options.value.help) {
    std::cout << Help();
    return kExitOk;
  }
  return Run(options.value);
}

}  // namespace
}  // namespace qemu

int main(int count, char **values) { return qemu::Main(count, values); }
