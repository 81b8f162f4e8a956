// SPDX-License-Identifier: MIT
#include "testing/step/stepper.h"

#include <stdexcept>

namespace step {
namespace {

constexpr size_t kLongestPath = 20'000;

constexpr int kAttempts = 1000;  // at what may fail now and then

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

// Now and then QEMU comes back without having executed anything.
Registers Stepper::Step() {
  Remote &remote = harness_->remote();
  const uint64_t start = remote.ReadInstructionPointer();
  for (int i = 0; i < kAttempts; i++) {
    remote.Step(Interrupts::kMasked);
    const Registers now = remote.ReadRegisters();
    if (now.rip != start) return now;
  }
  throw std::runtime_error("the instruction at " + Hex(start) + " does not end");
}

// QEMU would stop at once at a breakpoint on the first instruction, so that one is stepped.
uint64_t Stepper::Run(const std::set<uint64_t> &targets, bool hold) {
  Remote &remote = harness_->remote();
  if (targets.contains(remote.ReadInstructionPointer())) {
    const uint64_t next = Step().rip;
    if (targets.contains(next)) return next;
  }
  const uint64_t reached = remote.RunTo(targets, hold);
  if (!targets.contains(reached)) {
    throw std::runtime_error("the machine stopped at " + Hex(reached) + ", which nobody asked for");
  }
  return reached;
}

// After `sti` the processor admits interrupts one instruction later.
Path Stepper::RecordOnce(const std::function<bool()> &arrive,
                         const std::function<bool(const Registers &)> &ends) {
  Arrive(arrive);
  Path path = {arrive, {}, 0};
  Registers now = harness_->remote().ReadRegisters();
  bool shadow = false;
  for (;;) {
    path.points.push_back({now.rip, now.interrupts_on() && !shadow});
    path.turn = now.rip;
    if (path.points.size() > 1 && ends(now)) return path;
    if (path.points.size() == kLongestPath) throw std::runtime_error("the path does not end");
    const Registers next = Step();
    shadow = !now.interrupts_on() && next.interrupts_on() &&
             harness_->remote().Read(now.rip, 1)[0] == kEnableInterrupts;
    now = next;
  }
}

Path Stepper::Record(const std::function<bool()> &arrive,
                     const std::function<bool(const Registers &)> &ends) {
  Path path = RecordOnce(arrive, ends);
  for (int i = 0; i < kAttempts; i++) {
    const Path next = RecordOnce(arrive, ends);
    if (next.points == path.points) return path;
    path = next;
  }
  throw std::runtime_error("no two passes go the same way");
}

void Stepper::Arrive(const std::function<bool()> &arrive) {
  for (int i = 0; !arrive(); i++) {
    if (i == kAttempts) throw std::runtime_error("the beginning of the path is not reached");
  }
}

bool Stepper::ComeBy(const Path &path, uint64_t address) {
  Arrive(path.arrive);
  if (harness_->remote().ReadInstructionPointer() == address) return true;
  return RunUndisturbedToAny({address, path.turn}) == address;
}

std::set<uint64_t> Stepper::AtEach(const Path &path, const std::vector<Range> &ranges,
                                   const std::function<bool(size_t point)> &act) {
  std::set<uint64_t> visited;
  for (const uint64_t address : path.Within(ranges)) {
    for (int i = 0; !(ComeBy(path, address) && act(path.Find(address))); i++) {
      if (i == kAttempts) throw std::runtime_error("no pass comes by " + Hex(address) + " again");
    }
    visited.insert(address);
  }
  return visited;
}

Taken Stepper::ReadTaken() {
  const uint64_t frame = harness_->remote().ReadRegisters().rdi;
  const std::string bytes = harness_->remote().Read(frame, step_layout.frame_bytes);
  return {NumberIn(bytes, step_layout.frame_rip), NumberIn(bytes, step_layout.frame_vector), frame};
}

void Stepper::SendKey() {
  harness_->WritePorts(
      {{kControllerCommand, kCommandSendAsKeyboard}, {kControllerData, kShiftReleased}});
}

Taken Stepper::Interrupt() {
  SendKey();
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
  Step();
  remote.Write(address, instruction);
  RunTo(At("interrupt_handle"));
  return ReadTaken();
}

}  // namespace step
