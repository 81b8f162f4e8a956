// SPDX-License-Identifier: MIT
// Every instruction of a gate, interrupted, preempted, made to fail; and the task cancelled there.
#include "testing/step/scenario.h"

namespace step {
namespace {

constexpr size_t kGateInstructions = 18;  // as docs/book/gates.md lists them

class GateStepTest : public Scenario {
 protected:
  // The gates of nano_core itself: to a step, and through a reference.
  std::vector<Range> FromNanoCore() {
    return {stepper().Function("gate_pass"), stepper().Function("gate_invoke")};
  }

  Range WhilePublished(const std::string &gate) {
    return {stepper().At(gate + "_published"), stepper().At(gate + "_return") + 1};
  }
};

TEST_F(GateStepTest, Stub_Path_IsTheGateOfTheBook) {
  const std::set<uint64_t> gate = Round().Within({Stub()});
  EXPECT_EQ(gate.size(), kGateInstructions);
  const uint64_t bytes = stepper().At("gate_template_end") - stepper().At("gate_template");
  EXPECT_EQ(*gate.rbegin(), Stub().first + bytes - 1);  // the `ret`
}

TEST_F(GateStepTest, Stub_InterruptAtEach_IsSettledAndAnswersRight) {
  InterruptAtEach(Round(), {Stub()});
}

TEST_F(GateStepTest, Stub_PreemptionAtEach_TaskComesBackAndAnswersRight) {
  PreemptAtEach(Round(), {Stub()});
}

// Who fails: up to the return address' way off the stack, and after the frame is dropped, the cell
// that calls; in between, the call.
TEST_F(GateStepTest, Stub_FaultAtEach_EndsTheCallOrTheCaller) {
  const Path round = Round();
  const uint64_t popped = stepper().At("gate_template_popped") - stepper().At("gate_template");
  const uint64_t last = *round.Within({Stub()}).rbegin();
  const std::set<uint64_t> visited = stepper().AtEach(round, {Stub()}, [&](size_t point) {
    const uint64_t address = round.points[point].address;
    SCOPED_TRACE("fault at " + Hex(address));
    const Taken taken = stepper().Fault();
    EXPECT_EQ(Hex(taken.address), Hex(address));
    const bool callee = address >= Stub().first + popped && address != last;
    const Counts change = NextQuestion();
    EXPECT_EQ(change.failed, callee ? 1u : 0u);
    EXPECT_EQ(change.wrong, 0u);
    EXPECT_EQ(change.right + 1, change.asked);
    return true;
  });
  EXPECT_EQ(visited, round.Within({Stub()}));
}

// The step under way is made to its end, and no other one begins.
TEST_F(GateStepTest, Stub_CancelledAtEach_EndsAfterTheStep) {
  const Path round = Round();
  const uint64_t leave = stepper().At("root_leave");
  const std::set<uint64_t> visited = stepper().AtEach(round, {Stub()}, [&](size_t point) {
    SCOPED_TRACE("cancelled at " + Hex(round.points[point].address));
    NextQuestion();
    while (remote().ReadRegisters().rip != round.points[point].address) stepper().Step();
    const uint64_t task = stepper().guest().ReadProcessor().task;
    remote().WriteNumber(task + step_layout.task_cancelled, 1, 4);
    while (stepper().Step().rip != leave) continue;
    EXPECT_FALSE(HasTask());
    const Counts change = Change();
    EXPECT_EQ(change.right, 1u);
    EXPECT_EQ(change.asked, 0u);
    StartTask();
    NextQuestion();
    return true;
  });
  EXPECT_EQ(visited, round.Within({Stub()}));
}

TEST_F(GateStepTest, FromNanoCore_InterruptAtEach_IsSettledAndAnswersRight) {
  InterruptAtEach(Round(), FromNanoCore());
}

TEST_F(GateStepTest, FromNanoCore_PreemptionAtEach_TaskComesBackAndAnswersRight) {
  PreemptAtEach(Round(), FromNanoCore());
}

// While its frame is there, the step that it carries fails, and is made again.
TEST_F(GateStepTest, Pass_FaultWhilePublished_EndsTheStep) {
  const Path round = Round();
  const std::set<uint64_t> visited =
      stepper().AtEach(round, {WhilePublished("gate_pass")}, [&](size_t point) {
        SCOPED_TRACE("fault at " + Hex(round.points[point].address));
        const Taken taken = stepper().Fault();
        EXPECT_EQ(Hex(taken.address), Hex(round.points[point].address));
        ExpectRightAnswers();
        return true;
      });
  EXPECT_EQ(visited.size(), 2u);
}

// Here it is the call through the reference.
TEST_F(GateStepTest, Invoke_FaultWhilePublished_EndsTheCall) {
  const Path round = Round();
  const std::set<uint64_t> visited =
      stepper().AtEach(round, {WhilePublished("gate_invoke")}, [&](size_t point) {
        SCOPED_TRACE("fault at " + Hex(round.points[point].address));
        const Taken taken = stepper().Fault();
        EXPECT_EQ(Hex(taken.address), Hex(round.points[point].address));
        const Counts change = NextQuestion();
        EXPECT_EQ(change.failed, 1u);
        EXPECT_EQ(change.right + 1, change.asked);
        return true;
      });
  EXPECT_EQ(visited.size(), 2u);
}

}  // namespace
}  // namespace step
