// SPDX-License-Identifier: MIT
// Every instruction of monitor_enter and monitor_exit, interrupted and preempted. Whenever the task
// asks its next question, NextQuestion sees that no monitor is held and nothing holds off
// preemption; and a monitor that stayed locked would let no further question come.
#include "testing/step/scenario.h"

namespace step {
namespace {

class MonitorStepTest : public Scenario {
 protected:
  std::vector<Range> Enter() { return {stepper().Function("monitor_enter")}; }
  std::vector<Range> Exit() { return {stepper().Function("monitor_exit")}; }
};

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
