// SPDX-License-Identifier: MIT
#include "testing/faults/fault_step.h"

#include <cstdio>
#include <cstring>
#include <iostream>
#include <stdexcept>

#include "testing/qemu/text.h"

namespace step {
namespace {

constexpr size_t kLongestPath = 20'000;
constexpr int kAttempts = 50;  // at what may go another way
constexpr uint64_t kStatusMask = 0xffffffff;
constexpr uint64_t kInterruptFlag = 0x200;
constexpr uint64_t kCallBytes = 5;  // of a call instruction
constexpr char kCallOpcode = '\xe8';
constexpr size_t kShownWords = 8;

// `addq` to the top of the undo log, in the processor's block.
constexpr std::string_view kCountEntry{"\x65\x48\x83\x04\x25\x38\0\0\0", 9};

std::string Hex(uint64_t number) {
  char text[20];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

std::unique_ptr<Harness> FaultStep::harness_;
std::unique_ptr<Stepper> FaultStep::stepper_;

void FaultStep::SetUpTestSuite() {
  harness_ = std::make_unique<Harness>(
      std::vector<std::string>{"testing/specimens/repeater/repeater.o"}, Time::kOfInstructions);
  stepper_ = std::make_unique<Stepper>(harness_.get());
}

void FaultStep::TearDownTestSuite() {
  stepper_.reset();
  harness_.reset();
}

void FaultStep::Choose(repeater_call call) {
  const std::string command = "call repeater repeater_start " + std::to_string(call);
  ASSERT_EQ(harness_->Shell(command), "= ok") << harness_->shell_output();
}

uint64_t FaultStep::FreeFrames() {
  Choose(kRepeaterNone);
  harness_->Rest();
  EXPECT_EQ(harness_->Shell("call frame_allocator frame_allocator_free_frames"), "= ok");
  const std::string &output = harness_->shell_output();
  const size_t value = output.rfind(" value ");
  return value == std::string::npos ? 0 : std::stoull(output.substr(value + 7));
}

repeater_counts_t FaultStep::ReadCounts() {
  const uint64_t start = stepper_->guest().BlobStart("repeater_counts");
  repeater_counts_t counts;
  std::memcpy(&counts, harness_->memory().Read(start, sizeof counts).data(), sizeof counts);
  return counts;
}

// The repeater tells before the call that it comes; the way back says where it is made.
Probe FaultStep::ByRepeater(repeater_call call, const std::string &cell,
                            const std::string &function, const std::string &way) {
  Choose(call);
  site_ = 0;
  const uint64_t now =
      stepper_->guest().BlobStart("repeater_counts") + offsetof(repeater_counts_t, now);
  const auto arrive = [this, now](uint64_t first) {
    Memory &memory = harness_->memory();
    if (site_ != 0) stepper_->RunTo(site_);
    do {
      stepper_->RunTo(first);
    } while (memory.ReadNumber(now) != 1);
    const uint64_t top = stepper_->guest().ReadProcessor().gate_top;
    const uint64_t back =
        memory.ReadNumber(top - step_layout.gate_frame_bytes + step_layout.gate_frame_return);
    if (memory.Read(back - kCallBytes, 1)[0] != kCallOpcode) {
      throw std::runtime_error("the repeater makes its call in an unknown way");
    }
    site_ = back - kCallBytes;
    return true;
  };
  return {.cell = cell, .function = function, .way = way, .arrive = arrive};
}

bool FaultStep::Arrive() { return probe_->arrive(first_); }

Call FaultStep::Capture() { return {stepper_.get(), state_.get(), probe_->lent, probe_->again}; }

// Tickets are drawn although nothing is changed.
Changes FaultStep::Seen() { return Without(Without(state_->Compare(), monitors_), published_); }

Effect FaultStep::Undisturbed(Call *call) {
  const auto answer = static_cast<uint64_t>(probe_->answer);
  EXPECT_EQ(call->Finish().rax & kStatusMask, answer) << "the next call does not answer as usual";
  const Changes once = Seen();
  call->Rewind();
  if (!reads_clock_) return {once, {}};
  EXPECT_EQ(call->Finish().rax & kStatusMask, answer);
  const Changes again = Seen();
  call->Rewind();
  return EffectOf(once, again);
}

// Whether two calls from the same state leave different ones.
bool FaultStep::ReadsClock() {
  for (int i = 0; !Arrive(); i++) {
    if (i == kAttempts) throw std::runtime_error(probe_->function + " is not called any more");
  }
  Call call = Capture();
  reads_clock_ = true;
  return !Undisturbed(&call).times.empty();
}

// @returns  whether the call has changed anything, and answered as it should
bool FaultStep::RecordOnce(std::vector<uint64_t> *path) {
  for (int i = 0; !Arrive(); i++) {
    if (i == kAttempts) throw std::runtime_error(probe_->function + " is not called");
  }
  const Call call = Capture();
  const uint64_t enter = stepper_->At("monitor_enter");
  path->clear();
  Registers now = call.registers();
  while (!call.HasReturned(now)) {
    if (path->size() == kLongestPath) throw std::runtime_error("the call does not end");
    path->push_back(now.rip);
    if (now.rip == enter) monitors_.insert(now.rdi);
    now = stepper_->Step();
  }
  const bool right = (now.rax & kStatusMask) == static_cast<uint64_t>(probe_->answer);
  return right && !Within(Seen(), cell_.blobs).empty();
}

// What two calls in a row come by.
std::vector<FaultStep::Target> FaultStep::Record() {
  std::vector<uint64_t> path;
  std::vector<uint64_t> last;
  monitors_.clear();
  for (int i = 0; !RecordOnce(&path) || path != last; i++) {
    if (i == kAttempts) throw std::runtime_error("no two calls go the same way");
    last = path;
  }
  std::map<uint64_t, size_t> counts;
  const Range core = {stepper_->At("image_text_start"), stepper_->At("image_text_end")};
  std::set<uint64_t> others;
  for (const uint64_t address : path) {
    if (core.Contains(address)) others.insert(address);
    if (cell_.code.Contains(address) || cell_.stubs.Contains(address)) counts[address]++;
  }
  core_ = others.size();
  std::vector<Target> targets;
  for (const auto &[address, count] : counts) {
    targets.push_back({address, 1, ""});
    if (count > 1) targets.push_back({address, count, ""});
  }
  return targets;
}

Tally FaultStep::FaultAtEach(const Probe &probe) {
  probe_ = &probe;
  Guest &guest = stepper_->guest();
  cell_ = guest.FindCell(probe.cell);
  first_ = cell_.functions.at(probe.function);
  state_ = std::make_unique<State>(&harness_->memory(), guest.Blobs());
  symbols_ = std::make_unique<Symbols>("cells/" + probe.cell + "/" + probe.cell + ".debug");
  faults_ = 0;
  published_.clear();
  for (const Word &word : probe.published) {
    published_.insert(guest.BlobStart(word.blob) + word.offset);
  }
  std::vector<Target> targets = Record();
  reads_clock_ = ReadsClock();
  const repeater_counts_t counts = ReadCounts();
  for (Target &target : targets) {
    SCOPED_TRACE("fault at " + Describe(target.address) + ", time " +
                 std::to_string(target.occurrence));
    for (int i = 0; !Try(&target); i++) {
      if (i == kAttempts) throw std::runtime_error("no call comes by " + Describe(target.address));
    }
  }
  EXPECT_EQ(ReadCounts().wrong, counts.wrong) << "status " << ReadCounts().last;
  if (site_ != 0) EXPECT_GE(ReadCounts().failed + 1, counts.failed + faults_);
  return Print(targets);
}

bool FaultStep::Try(Target *target) {
  if (!Arrive()) return false;
  Call call = Capture();
  const Effect effect = Undisturbed(&call);
  if (!call.RunTo(target->address, target->occurrence)) return false;
  target->outcome = Hit(&call, effect, *target);
  return true;
}

std::string FaultStep::Hit(Call *call, const Effect &effect, const Target &target) {
  const GateFrame ended = call->Endangered(cell_.stubs);
  const Taken taken = stepper_->Fault();
  EXPECT_EQ(Hex(taken.address), Hex(target.address));
  const Registers now = call->Finish(ended);
  EXPECT_EQ(now.rax & kStatusMask, static_cast<uint64_t>(STATUS_FAULT));
  EXPECT_EQ(now.rdx, 0u);
  if (ended.place != call->frame().place) return HitCallee(call, effect, target, ended);
  faults_++;
  ExpectLeft(*call, now);
  const Changes seen = Seen();
  ExpectOthersWhole(effect, seen);
  const std::string outcome = OwnState(effect, seen);
  EXPECT_NE(outcome, "") << "the state is neither as before nor as after:" << Show(effect, seen);
  return outcome;
}

// The function goes on and does what it does when that call fails: the same, whether it failed
// before it did anything or after.
std::string FaultStep::HitCallee(Call *call, const Effect &effect, const Target &target,
                                 const GateFrame &ended) {
  EXPECT_EQ(stepper_->guest().ReadProcessor().gate_top, ended.place);
  ExpectLeft(*call, call->Finish());
  const Changes seen = Seen();
  std::string outcome = OwnState(effect, seen);
  if (!outcome.empty()) return "callee, " + outcome;
  call->Rewind();
  const uint64_t stub =
      target.address - (target.address - cell_.stubs.first) % step_layout.stub_bytes;
  const uint64_t calling = stepper_->At("gate_template_published") - stepper_->At("gate_template");
  EXPECT_TRUE(call->RunTo(stub + calling, target.occurrence));
  stepper_->Fault();
  call->Finish();
  const Effect failing = {Within(Seen(), cell_.blobs), effect.times};
  EXPECT_TRUE(AreAll(Within(seen, cell_.blobs), failing)) << Show(effect, seen);
  return "callee, as when it fails";
}

void FaultStep::ExpectLeft(const Call &call, const Registers &now) {
  const Registers &then = call.registers();
  EXPECT_EQ(now.rbx, then.rbx);
  EXPECT_EQ(now.rbp, then.rbp);
  EXPECT_EQ(now.r12, then.r12);
  EXPECT_EQ(now.r13, then.r13);
  EXPECT_EQ(now.r14, then.r14);
  EXPECT_EQ(now.r15, then.r15);
  EXPECT_EQ(now.rflags & kInterruptFlag, then.rflags & kInterruptFlag);
  const Processor processor = stepper_->guest().ReadProcessor();
  EXPECT_EQ(processor.gate_top, call.frame().place);
  EXPECT_EQ(processor.hold_count, call.processor().hold_count);
  EXPECT_EQ(processor.monitors, call.processor().monitors);
  EXPECT_EQ(processor.interrupt_depth, call.processor().interrupt_depth);
  EXPECT_EQ(stepper_->guest().CoreFrames(), call.core_frames());
  for (const uint64_t monitor : monitors_) {
    const uint64_t tickets = harness_->memory().ReadNumber(monitor);
    EXPECT_EQ(tickets >> 32, tickets & kStatusMask) << "a monitor is held";
  }
}

// @returns  "before" or "after"; empty: neither
std::string FaultStep::OwnState(const Effect &effect, const Changes &seen) {
  const Changes own = Within(seen, cell_.blobs);
  const Effect whole = {Within(effect.changes, cell_.blobs), effect.times};
  if (own.empty()) return "before";
  return AreAll(own, whole) ? "after" : "";
}

void FaultStep::ExpectOthersWhole(const Effect &effect, const Changes &seen) {
  for (const Blob &blob : state_->blobs()) {
    bool own = false;
    for (const Blob &mine : cell_.blobs) own = own || mine.start == blob.start;
    const Changes changes = Within(seen, {blob});
    const Effect whole = {Within(effect.changes, {blob}), effect.times};
    if (own || changes.empty()) continue;
    EXPECT_TRUE(AreAll(changes, whole)) << blob.name << " is torn:" << Show(effect, changes);
  }
}

std::string FaultStep::Show(const Effect &effect, const Changes &seen) {
  std::string text;
  Changes words = effect.changes;
  words.insert(seen.begin(), seen.end());
  size_t shown = 0;
  for (const auto &[address, unused] : words) {
    if (++shown > kShownWords) break;
    const Blob &blob = state_->Of(address);
    const bool changed = seen.contains(address);
    const bool changes = effect.changes.contains(address);
    text += "\n  " + blob.name + "+" + Hex(address - blob.start) + ": " +
            (changed ? Hex(seen.at(address)) : "as before") + "; after the call " +
            (changes ? Hex(effect.changes.at(address)) : "as before");
  }
  return text;
}

std::string FaultStep::Describe(uint64_t address) {
  if (!cell_.stubs.Contains(address)) return symbols_->Describe(address - cell_.code.first);
  const uint64_t offset = address - cell_.stubs.first;
  return "gate to " + cell_.imports[offset / step_layout.stub_bytes] + "+" +
         Hex(offset % step_layout.stub_bytes);
}

bool FaultStep::CountsEntry(uint64_t address) {
  return harness_->memory().Read(address, kCountEntry.size()) == kCountEntry;
}

Tally FaultStep::Print(const std::vector<Target> &targets) {
  Tally tally;
  tally.core = core_;
  std::string list;
  for (const Target &target : targets) {
    const bool first = target.occurrence == 1;
    const bool counts_entry = CountsEntry(target.address);
    tally.instructions += first;
    tally.entries += first && counts_entry;
    tally.before += target.outcome == "before";
    tally.after += target.outcome == "after";
    tally.callee += target.outcome.starts_with("callee");
    if (first) list += "\n  " + Describe(target.address) + (counts_entry ? " (log): " : ": ");
    if (!first) list += "; time " + std::to_string(target.occurrence) + ": ";
    list += target.outcome;
  }
  std::cout << probe_->function << ", " << probe_->way << ": " << tally.instructions
            << " instructions, " << targets.size() << " faults, " << tally.before << " before, "
            << tally.after << " after, " << tally.callee << " in calls that it makes; "
            << tally.entries << " entries of the undo log; " << tally.core
            << " instructions of nano_core are left alone" << list << std::endl;
  return tally;
}

}  // namespace step
