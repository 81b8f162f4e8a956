// SPDX-License-Identifier: MIT
// Every instruction of monitor_enter and monitor_exit, interrupted and preempted. Whenever the task
// asks its next question, NextQuestion sees that no monitor is held and nothing holds off
// preemption; and a monitor that stayed locked would let no further question come.
#include "testing/step/scenario.h"

namespace step {
namespace {

constexpr std::string_view kJump = "\xff\x25";  // to where the slot says

class MonitorStepTest : public Scenario {
 protected:
  std::vector<Range> Enter() { return {stepper().Function("monitor_enter")}; }
  std::vector<Range> Exit() { return {stepper().Function("monitor_exit")}; }
};

// A gate in between could end with FAULT, at which nobody looks.
TEST_F(MonitorStepTest, Stub_OfEnter_HasNoGate) {
  const Range stub = stepper().guest().Stub("stepped", "monitor_enter");
  EXPECT_EQ(remote().Read(stub.first, kJump.size()), kJump);
}

TEST_F(MonitorStepTest, Enter_InterruptAtEach_IsTakenWhereAdmitted) {
  InterruptAtEach(Round(), Enter());
}

TEST_F(MonitorStepTest, Enter_PreemptionAtEach_WaitsForTheExit) { PreemptAtEach(Round(), Enter()); }

TEST_F(MonitorStepTest, Exit_InterruptAtEach_IsTakenWhereAdmitted) {
  InterruptAtEach(Round(), Exit());
}

TEST_F(MonitorStepTest, Exit_PreemptionAtEach_LeavesNothingHeld) { PreemptAtEach(Round(), Exit()); }

}  // namespace
}  // namespace step
