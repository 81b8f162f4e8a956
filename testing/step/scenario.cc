// SPDX-License-Identifier: MIT
#include "testing/step/scenario.h"

#include "testing/qemu/text.h"
#include "testing/specimens/stepped/stepped.h"

namespace step {
namespace {

constexpr int kRestarts =
    1000;  // of one gate, by interrupts; an interrupt comes once in milliseconds

}  // namespace

std::unique_ptr<Harness> Scenario::harness_;
std::unique_ptr<Stepper> Scenario::stepper_;
Range Scenario::stub_;
uint64_t Scenario::blob_;
uint64_t Scenario::task_;

void Scenario::SetUpTestSuite() {
  const std::string folder = "testing/specimens/";
  harness_ = std::make_unique<Harness>(std::vector<std::string>{
      folder + "stepped/stepped.o", folder + "stepped_callee/stepped_callee.o"});
  stepper_ = std::make_unique<Stepper>(harness_.get());
}

void Scenario::TearDownTestSuite() {
  stepper_.reset();
  harness_.reset();
}

void Scenario::SetUp() {
  if (!HasTask()) StartTask();
  harness_->Rest();
  stub_ = stepper_->guest().Stub("stepped", "stepped_callee_answer");
  blob_ = stepper_->guest().BlobStart("stepped_counts");
  NextQuestion();
}

void Scenario::StartTask() { ASSERT_EQ(harness_->Shell("call stepped stepped_start"), "= ok"); }

bool Scenario::HasTask() {
  EXPECT_EQ(harness_->Shell("tasks"), "= ok");
  for (const std::string_view line : qemu::Lines(harness_->shell_output())) {
    if (!line.starts_with('[') && qemu::Contains(line, "stepped")) return true;  // no log line
  }
  return false;
}

Path Scenario::Round() {
  const uint64_t question = stub_.first;
  return stepper_->Record(
      [question] {
        // Where one pass ends the next one begins.
        if (harness_->remote().ReadInstructionPointer() != question) stepper_->RunTo(question);
        return true;
      },
      [question](const Registers &now) { return now.rip == question; });
}

Counts Scenario::ReadCounts() {
  const std::string blob = remote().Read(blob_, sizeof(stepped_counts_t));
  return {NumberIn(blob, offsetof(stepped_counts_t, asked)),
          NumberIn(blob, offsetof(stepped_counts_t, right)),
          NumberIn(blob, offsetof(stepped_counts_t, wrong)),
          NumberIn(blob, offsetof(stepped_counts_t, failed))};
}

uint64_t Scenario::Preemptions() {
  return remote().ReadNumber(task_ + step_layout.task_preemptions);
}

Counts Scenario::Change() {
  const Counts now = ReadCounts();
  const Counts change = {now.asked - last_.asked, now.right - last_.right, now.wrong - last_.wrong,
                         now.failed - last_.failed};
  last_ = now;
  return change;
}

// A gate that was moved back to its start asks the same question once more.
Counts Scenario::NextQuestion() {
  for (int i = 0; i < kRestarts; i++) {
    stepper_->RunTo(stub_.first);
    if (ReadCounts().asked != last_.asked) break;
  }
  const Processor processor = stepper_->guest().ReadProcessor();
  EXPECT_EQ(processor.gates(), 1u);
  EXPECT_EQ(processor.hold_count, 0u);
  EXPECT_EQ(processor.monitors, 0u);
  EXPECT_EQ(processor.interrupt_depth, 0u);
  task_ = processor.task;
  return Change();
}

void Scenario::ExpectRightAnswers() {
  const Counts change = NextQuestion();
  EXPECT_GE(change.asked, 1u);
  EXPECT_EQ(change.right, change.asked);
  EXPECT_EQ(change.wrong, 0u);
  EXPECT_EQ(change.failed, 0u);
}

uint64_t Scenario::Settled(uint64_t address) const {
  const uint64_t popped = stepper_->At("gate_template_popped") - stepper_->At("gate_template");
  const uint64_t published =
      stepper_->At("gate_template_published") - stepper_->At("gate_template");
  if (Range{stub_.first, stub_.first + popped}.Contains(address)) return stub_.first;
  if (Range{stub_.first, stub_.first + published}.Contains(address)) return stub_.first + published;
  for (const std::string gate : {"gate_invoke", "gate_pass"}) {
    const uint64_t start = stepper_->At(gate + "_start");
    if (Range{start, stepper_->At(gate + "_published")}.Contains(address)) return start;
  }
  return address;
}

// Where another task's turn has come, the pass is none of ours.
void Scenario::InterruptAtEach(const Path &path, const std::vector<Range> &ranges) {
  const std::set<uint64_t> visited = stepper_->AtEach(path, ranges, [&](size_t point) {
    SCOPED_TRACE("interrupt at " + Hex(path.points[point].address));
    const uint64_t expected = Stepper::MustBeTakenAt(path, point);
    const Taken taken = stepper_->Interrupt();
    const uint64_t task = stepper_->guest().ReadProcessor().task;
    const bool ours = taken.address == expected || task == 0 || task == task_;
    EXPECT_EQ(Hex(stepper_->Finish(taken).address), Hex(Settled(taken.address)));
    if (ours) EXPECT_EQ(Hex(taken.address), Hex(expected));
    ExpectRightAnswers();
    return ours;
  });
  EXPECT_EQ(visited, path.Within(ranges));
}

// In a monitor the task goes on, and is preempted where it leaves the last one.
void Scenario::Preempt(uint64_t expected) {
  stepper_->guest().WantPreemption(true);
  const Taken taken = stepper_->Interrupt();
  EXPECT_EQ(Hex(taken.address), Hex(expected));
  const bool held = stepper_->guest().ReadProcessor().hold_count != 0;
  const Outcome outcome = stepper_->Finish(taken);
  EXPECT_EQ(Hex(outcome.address), Hex(Settled(expected)));
  EXPECT_EQ(outcome.preempted, !held);
  if (!outcome.preempted) stepper_->RunTo(stepper_->At("root_leave"));
  const Processor processor = stepper_->guest().ReadProcessor();
  EXPECT_EQ(processor.hold_count, 0u);
  EXPECT_EQ(processor.monitors, 0u);
}

void Scenario::PreemptAtEach(const Path &path, const std::vector<Range> &ranges) {
  const std::set<uint64_t> visited = stepper_->AtEach(path, ranges, [&](size_t point) {
    SCOPED_TRACE("preemption at " + Hex(path.points[point].address));
    const uint64_t before = Preemptions();
    Preempt(Stepper::MustBeTakenAt(path, point));
    ExpectRightAnswers();
    EXPECT_GT(Preemptions(), before);
    return true;
  });
  EXPECT_EQ(visited, path.Within(ranges));
}

std::string Scenario::Hex(uint64_t address) {
  char text[20];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(address));
  return text;
}

}  // namespace step
