// SPDX-License-Identifier: MIT
#include "testing/step/harness.h"

#include <fcntl.h>

#include <filesystem>
#include <stdexcept>

#include "tools/json/json.h"

namespace step {
namespace {

// How long anything may take. It is only there to end a test of a machine that hangs: no assertion
// depends on it.
constexpr auto kPatience = std::chrono::seconds(120);

// No assertion depends on this either.
constexpr auto kRest = std::chrono::milliseconds(200);

constexpr unsigned kMemory = 128;  // MiB

constexpr size_t kShownOnFailure = 2000;  // characters of what the machine printed

// In the runfiles of every step_test.
constexpr const char *kQemu = "external/qemu/bin/qemu-system-x86_64";
constexpr const char *kNanoCore = "image/nano_core.elf";
constexpr const char *kArchive = "image/cells.cpio";
constexpr const char *kArchiveTool = "tools/archive/archive";

std::string BackEnd(const char *id, const qemu::Channel &channel) {
  return std::string("socket,id=") + id + ",fd=" + std::to_string(channel.theirs_in());
}

qemu::Options OptionsFor(const std::vector<std::string> &objects, Time time, const Memory &memory,
                         const std::string &stub, const std::string &control) {
  qemu::Options options;
  options.qemu = kQemu;
  options.kernel = kNanoCore;
  options.archive = kArchive;
  options.archive_tool = kArchiveTool;
  options.processors = 1;
  options.memory_mib = kMemory;
  options.gdb = true;
  options.icount = time == Time::kOfInstructions;
  options.gdb_at = "chardev:stub";
  options.append = "watchdog=off";  // no priority of the processor holds an NMI off
  options.extra = {"-chardev", stub, "-chardev", control, "-mon", "chardev=control,mode=control"};
  for (const std::string &word : memory.QemuWords()) options.extra.push_back(word);
  for (const std::string &path : objects) {
    options.adds.push_back({path, std::filesystem::path(path).stem().string()});
  }
  return options;
}

}  // namespace

Harness::Harness(const std::vector<std::string> &objects, Time time)
    : memory_(kMemory),
      machine_([this](std::string_view bytes) { transcript_.Add(bytes); }),
      remote_([this](std::string_view bytes) { stub_.Send(bytes); },
              [this] { return ReceiveFromStub(); }),
      symbols_(kNanoCore) {
  Boot(objects, time);
}

void Harness::Fail(const std::string &what) const {
  const std::string_view printed = transcript_.Since(0);
  const size_t shown = std::min(printed.size(), kShownOnFailure);
  throw std::runtime_error(what + "; the machine's last words:\n" +
                           std::string(printed.substr(printed.size() - shown)));
}

void Harness::Boot(const std::vector<std::string> &objects, Time time) {
  const qemu::Options options =
      OptionsFor(objects, time, memory_, BackEnd("stub", stub_), BackEnd("control", control_));
  std::string problem = archive_.Make(options);
  qemu::Wiring wiring;
  wiring.initrd = archive_.path();
  for (qemu::Channel *channel : {&stub_, &control_}) fcntl(channel->theirs_in(), F_SETFD, 0);
  fcntl(memory_.descriptor(), F_SETFD, 0);
  if (problem.empty()) problem = machine_.Start(options, wiring);
  for (qemu::Channel *channel : {&stub_, &control_}) channel->CloseTheirs();
  if (!problem.empty()) Fail(problem);
  remote_.Begin();
  control_.Send(qemu::Monitor::Greeting());
  remote_.Continue();
  size_t position = 0;
  RunUntilPrinted("[shell] ready", &position);
  Halt();
  memory_.SetRoot(remote_.ReadPageTables());
}

void Harness::RunUntilPrinted(std::string_view beginning, size_t *position) {
  bool printed = false;
  machine_.Run(qemu::Clock::now() + kPatience, [&] {
    while (!printed) {
      const auto line = transcript_.NextLine(position);
      if (!line) break;
      printed = line->starts_with(beginning);
    }
    return printed;
  });
  if (!printed) Fail("the machine does not print \"" + std::string(beginning) + "\"");
}

// The machine runs; afterwards it does not.
void Harness::Halt() {
  remote_.AskToStop();
  remote_.WaitForStop();
}

std::string Harness::ReceiveFromStub() {
  std::string bytes;
  machine_.Run(
      qemu::Clock::now() + kPatience,
      [&] {
        control_.Receive();  // QEMU tells each stop there, too
        bytes = stub_.Receive();
        return !bytes.empty() || stub_.ended();
      },
      stub_.input());
  if (bytes.empty()) {
    Fail(stub_.ended() || machine_.ended() ? "the machine is gone" : "the machine does not stop");
  }
  return bytes;
}

std::string Harness::Shell(const std::string &command) {
  size_t position = transcript_.end();
  const size_t start = position;
  remote_.Continue();
  machine_.SendSerial(command + "\n");
  RunUntilPrinted("= ", &position);
  shell_output_ = transcript_.Since(start).substr(0, position - start);
  Halt();
  const size_t answer = shell_output_.rfind("\n= ");
  return shell_output_.substr(answer + 1, shell_output_.size() - answer - 2);
}

void Harness::Rest() {
  remote_.Continue();
  machine_.Run(qemu::Clock::now() + kRest, [] { return false; });
  Halt();
}

// Answers come in the order of the commands, with news of the machine between them.
void Harness::WritePorts(const std::vector<PortWrite> &writes) {
  control_.Receive();
  for (const PortWrite &write : writes) {
    const std::string line =
        "o /b " + std::to_string(write.port) + " " + std::to_string(write.value);
    const theseus::Json command = {{"execute", "human-monitor-command"},
                                   {"arguments", {{"command-line", line}}},
                                   {"id", "port"}};
    control_.Send(theseus::json_text(command) + "\n");
  }
  std::string rest;
  size_t answers = 0;
  machine_.Run(
      qemu::Clock::now() + kPatience,
      [&] {
        rest += control_.Receive();
        for (size_t end; (end = rest.find('\n')) != std::string::npos; rest.erase(0, end + 1)) {
          const std::string line = rest.substr(0, end);
          const theseus::Json answer = theseus::Json::parse(line, nullptr, false);
          if (theseus::json_member(answer, "id") != "port") continue;
          if (theseus::json_member(answer, "return") != "") Fail("QEMU writes to no port: " + line);
          answers++;
        }
        return answers == writes.size();
      },
      control_.input());
  if (answers != writes.size()) Fail("QEMU does not answer");
}

}  // namespace step
