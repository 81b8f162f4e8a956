// SPDX-License-Identifier: MIT
#include "testing/step/stepper.h"

#include <stdexcept>

namespace step {
namespace {

constexpr size_t kLongestPath = 20'000;

constexpr int kAttempts = 1000;  // of a path's own way to its beginning

// The keyboard controller: its command to hand the system the next byte as if a key had sent it.
constexpr unsigned kControllerCommand = 0x64;
constexpr unsigned kControllerData = 0x60;
constexpr unsigned kCommandSendAsKeyboard = 0xd2;
constexpr unsigned kShiftReleased = 0xaa;  // means nothing while no shift is held

constexpr std::string_view kInvalidOpcode = "\x0f\x0b";
constexpr char kEnableInterrupts = '\xfb';

std::string Hex(uint64_t address) {
  char text[20];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(address));
  return text;
}

bool IsWithin(uint64_t address, const std::vector<Range> &ranges) {
  for (const Range &range : ranges) {
    if (range.Contains(address)) return true;
  }
  return false;
}

}  // namespace

std::set<uint64_t> Path::Within(const std::vector<Range> &ranges) const {
  std::set<uint64_t> addresses;
  for (const Point &point : points) {
    if (IsWithin(point.address, ranges)) addresses.insert(point.address);
  }
  return addresses;
}

size_t Path::Find(uint64_t address) const {
  for (size_t i = 0; i < points.size(); i++) {
    if (points[i].address == address) return i;
  }
  throw std::runtime_error(Hex(address) + " is not on the path");
}

Registers Stepper::Step() {
  harness_->remote().Step(Interrupts::kMasked);
  return harness_->remote().ReadRegisters();
}

// QEMU would stop at once at a breakpoint on the first instruction, so that one is stepped.
uint64_t Stepper::RunToAny(const std::set<uint64_t> &targets) {
  Remote &remote = harness_->remote();
  if (targets.contains(remote.ReadInstructionPointer())) {
    const uint64_t next = Step().rip;
    if (targets.contains(next)) return next;
  }
  for (const uint64_t target : targets) remote.InsertBreakpoint(target);
  harness_->RunToBreakpoint();
  for (const uint64_t target : targets) remote.RemoveBreakpoint(target);
  const uint64_t reached = remote.ReadInstructionPointer();
  if (!targets.contains(reached)) {
    throw std::runtime_error("the machine stopped at " + Hex(reached) + ", which nobody asked for");
  }
  return reached;
}

void Stepper::RunUndisturbedTo(uint64_t address) {
  harness_->remote().HoldInterrupts(true);
  RunTo(address);
  harness_->remote().HoldInterrupts(false);
}

// After `sti` the processor admits interrupts one instruction later.
Path Stepper::Record(const std::function<bool()> &arrive,
                     const std::function<bool(const Registers &)> &ends) {
  Arrive(arrive);
  Path path = {arrive, {}};
  Registers now = harness_->remote().ReadRegisters();
  bool shadow = false;
  for (;;) {
    path.points.push_back({now.rip, now.interrupts_on() && !shadow});
    if (path.points.size() > 1 && ends(now)) return path;
    if (path.points.size() == kLongestPath) throw std::runtime_error("the path does not end");
    const Registers next = Step();
    shadow = !now.interrupts_on() && next.interrupts_on() &&
             harness_->remote().Read(now.rip, 1)[0] == kEnableInterrupts;
    now = next;
  }
}

void Stepper::Arrive(const std::function<bool()> &arrive) {
  for (int i = 0; !arrive(); i++) {
    if (i == kAttempts) throw std::runtime_error("the beginning of the path is not reached");
  }
}

std::set<uint64_t> Stepper::AtEach(const Path &path, const std::vector<Range> &ranges,
                                   const std::function<void(size_t point)> &act) {
  std::set<uint64_t> visited;
  for (const uint64_t address : path.Within(ranges)) {
    Arrive(path.arrive);
    if (harness_->remote().ReadInstructionPointer() != address) RunUndisturbedTo(address);
    act(path.Find(address));
    visited.insert(address);
  }
  return visited;
}

Taken Stepper::ReadTaken() {
  const uint64_t frame = harness_->remote().ReadRegisters().rdi;
  return {harness_->remote().ReadNumber(frame + step_layout.frame_rip),
          harness_->remote().ReadNumber(frame + step_layout.frame_vector), frame};
}

Taken Stepper::Interrupt() {
  harness_->WritePort(kControllerCommand, kCommandSendAsKeyboard);
  harness_->WritePort(kControllerData, kShiftReleased);
  RunTo(At("interrupt_handle"));
  return ReadTaken();
}

uint64_t Stepper::MustBeTakenAt(const Path &path, size_t point) {
  for (size_t i = point; i < path.points.size(); i++) {
    if (path.points[i].admits) return path.points[i].address;
  }
  throw std::runtime_error("interrupts stay off until the end of the path");
}

Outcome Stepper::Finish(const Taken &taken) {
  const uint64_t reached = RunToAny({At("interrupt_resume"), At("root_leave")});
  return {harness_->remote().ReadNumber(taken.frame + step_layout.frame_rip),
          reached == At("root_leave")};
}

Taken Stepper::Fault() {
  Remote &remote = harness_->remote();
  const uint64_t address = remote.ReadInstructionPointer();
  const std::string instruction = remote.Read(address, kInvalidOpcode.size());
  remote.Write(address, kInvalidOpcode);
  remote.Step(Interrupts::kMasked);
  remote.Write(address, instruction);
  RunTo(At("interrupt_handle"));
  return ReadTaken();
}

}  // namespace step
