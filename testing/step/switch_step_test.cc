// SPDX-License-Identifier: MIT
// Every instruction between two steps of a task, interrupted: from the step's end to the root, from
// there to the next step, and back into a step that was preempted.
#include "testing/step/scenario.h"

namespace step {
namespace {

class SwitchStepTest : public Scenario {
 protected:
  Range NanoCore() { return {stepper().At("image_text_start"), stepper().At("image_text_end")}; }

  // From a question of the task, runs to where its step has come back to nano_core.
  bool ArriveAtStepsEnd(bool preempted) {
    stepper().RunUndisturbedToAny({stepper().At("gate_pass_return")});
    stepper().guest().WantPreemption(preempted);
    return true;
  }

  // The same, and the root has a look at the task.
  bool ArriveAtStepsEndForRoot() {
    ArriveAtStepsEnd(true);
    stepper().guest().WantRoot();
    return true;
  }

  // Runs to where the task asks a question while no other task is ready, as the root shows that
  // chooses it again although the others' turn has come. They are given time otherwise: our own
  // interrupts wake them.
  bool ArriveAlone() {
    stepper().RunTo(Stub().first);
    const uint64_t task = stepper().guest().ReadProcessor().task;
    ArriveAtStepsEndForRoot();
    stepper().RunUndisturbedToAny({stepper().At("context_start"), stepper().At("context_resume")});
    if (stepper().guest().ReadProcessor().task != task) return false;
    stepper().RunUndisturbedToAny({Stub().first});
    return true;
  }

  // Runs to where the task, preempted by a device, leaves for the root.
  bool ArriveAtPreemption() {
    if (!ArriveAlone()) return false;
    stepper().RunTo(stepper().At("interrupt_handle"));
    const Processor processor = stepper().guest().ReadProcessor();
    if (processor.task == 0 || processor.hold_count != 0) return false;
    stepper().guest().WantPreemption(true);
    const uint64_t leave = stepper().At("root_leave");
    return stepper().RunToAny({leave, stepper().At("interrupt_resume")}) == leave;
  }

  Path ToTheNextQuestion(const std::function<bool()> &arrive) {
    return stepper().Record(
        arrive, [question = Stub().first](const Registers &now) { return now.rip == question; });
  }

  void ExpectPasses(const Path &path, const std::vector<std::string> &functions) {
    for (const std::string &function : functions) {
      EXPECT_FALSE(path.Within({stepper().Function(function)}).empty()) << function;
    }
  }
};

TEST_F(SwitchStepTest, StepToStep_InterruptAtEach_TaskGoesOn) {
  const Path path = ToTheNextQuestion([this] {
    stepper().RunTo(Stub().first);
    return ArriveAtStepsEnd(false);
  });
  ExpectPasses(path, {"gate_pass", "step_body"});
  InterruptAtEach(path, {NanoCore()});
}

TEST_F(SwitchStepTest, StepToSchedulerToStep_InterruptAtEach_TaskGoesOn) {
  const Path path = ToTheNextQuestion([this] { return ArriveAlone() && ArriveAtStepsEnd(true); });
  ExpectPasses(path, {"gate_pass", "step_body", "monitor_enter"});
  InterruptAtEach(path, {NanoCore()});
}

TEST_F(SwitchStepTest, StepToRootToStep_InterruptAtEach_TaskGoesOn) {
  const Path path =
      ToTheNextQuestion([this] { return ArriveAlone() && ArriveAtStepsEndForRoot(); });
  ExpectPasses(path, {"step_body", "root_leave", "root_run", "context_start"});
  InterruptAtEach(path, {NanoCore()});
}

TEST_F(SwitchStepTest, PreemptedToResumed_InterruptAtEach_TaskGoesOn) {
  const Range resume = stepper().Function("interrupt_resume");
  bool resuming = false;
  Path path = stepper().Record([this] { return ArriveAtPreemption(); },
                               [&](const Registers &now) {
                                 const bool resumed = resuming && !resume.Contains(now.rip);
                                 resuming = resume.Contains(now.rip);
                                 return resumed;
                               });
  path.turn = Stub().first;
  ExpectPasses(path, {"root_leave", "root_run", "context_resume", "interrupt_resume"});
  InterruptAtEach(path, {NanoCore()});
}

}  // namespace
}  // namespace step
