// SPDX-License-Identifier: MIT
// What the machine lives by, failing at each instruction: the wake-up of a task, the handler of the
// keyboard, the log, and waiting for a time.
#include "nano_core/api/schedule.h"
#include "testing/faults/fault_step.h"

namespace step {
namespace {

constexpr int kWarmUps = 5;

class SystemFaultStepTest : public FaultStep {
 protected:
  void Test(const Probe &probe) {
    const Tally tally = FaultAtEach(probe);
    EXPECT_GT(tally.before, 0u);
    EXPECT_GT(tally.after, 0u);
    EXPECT_GT(tally.entries, 0u);
  }
};

TEST_F(SystemFaultStepTest, LogWrite_IsWholeOrNothing) {
  Test(ByRepeater(kRepeaterLine, "log", "log_write", "a short line"));
}

// An event that is made when it is first needed stays, whether the call fails or not. So it waits
// until the timer has made all that it needs.
TEST_F(SystemFaultStepTest, TimerWaitUntil_IsWholeOrNothing) {
  Probe probe = ByRepeater(kRepeaterWait, "timer", "timer_wait_until", "a time to come");
  for (int i = 0; i < kWarmUps; i++) harness().Rest();
  probe.answer = STATUS_WOULD_BLOCK;
  probe.published = {{"timer_clock", 0x20}};  // the latest time that anybody was told
  Test(probe);
}

// nano_core calls, on no task's stack. The task is found by its ticket.
TEST_F(SystemFaultStepTest, SchedulerEnqueue_IsWholeOrNothing) {
  Choose(kRepeaterSleep);
  Test({.cell = "scheduler",
        .function = "scheduler_enqueue",
        .way = "a task wakes up",
        .arrive =
            [this](uint64_t first) {
              stepper().RunTo(first);
              return harness().remote().ReadRegisters().rdx == kScheduleReady;
            },
        .lent = {&Registers::rsi, sizeof(task_schedule_t)},
        .published = {{"scheduler_queue", 0x20}}});  // the count from which entries are numbered
}

// A byte that a call has fetched from the controller is sent once more when the call is made again.
// Each one must come to the consumer of the scan codes before the next one is sent.
TEST_F(SystemFaultStepTest, KeyboardInterrupt_IsWholeOrNothing) {
  Choose(kRepeaterNone);
  const auto press = [this] { stepper().SendKey(); };
  const uint64_t complete = stepper().guest().FindCell("keyboard").functions["keyboard_complete"];
  press();
  stepper().RunTo(stepper().guest().FindCell("keyboard").functions["keyboard_interrupt"]);
  Test({.cell = "keyboard",
        .function = "keyboard_interrupt",
        .way = "one scan code",
        .arrive =
            [this, press, complete](uint64_t first) {
              stepper().RunTo(complete);
              press();
              stepper().RunTo(first);
              return true;
            },
        .again = press});
}

}  // namespace
}  // namespace step
