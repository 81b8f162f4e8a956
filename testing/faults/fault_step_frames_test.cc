// SPDX-License-Identifier: MIT
// The frame allocator, failing at each instruction, by each of its ways: out of a processor's cache
// and into it, a group lent to a cache and given back, and runs.
#include "testing/faults/fault_step.h"

namespace step {
namespace {

class FrameFaultStepTest : public FaultStep {
 protected:
  // Of a call that took frames and could not say which, the frames are lost.
  void Test(repeater_call call, const std::string &function, const std::string &way,
            uint64_t lost_each) {
    const uint64_t free = FreeFrames();
    const Tally tally = FaultAtEach(ByRepeater(call, "frame_allocator", function, way));
    EXPECT_GT(tally.before, 0u);
    EXPECT_GT(tally.after, 0u);
    EXPECT_GT(tally.entries, 0u);
    EXPECT_EQ(FreeFrames() + lost_each * tally.after, free);
  }
};

TEST_F(FrameFaultStepTest, Allocate_OutOfCache_IsWholeOrNothing) {
  Test(kRepeaterFrame, "frame_allocator_allocate", "out of a cache", 1);
}

TEST_F(FrameFaultStepTest, Free_IntoCache_IsWholeOrNothing) {
  Test(kRepeaterFrameBack, "frame_allocator_free", "into a cache", 0);
}

TEST_F(FrameFaultStepTest, Allocate_LendsGroup_IsWholeOrNothing) {
  Test(kRepeaterFrameLent, "frame_allocator_allocate", "lends a group to a cache", 1);
}

TEST_F(FrameFaultStepTest, Free_RecallsGroup_IsWholeOrNothing) {
  Test(kRepeaterFrameRecalled, "frame_allocator_free", "recalls a group", 0);
}

TEST_F(FrameFaultStepTest, Allocate_Run_IsWholeOrNothing) {
  Test(kRepeaterFrames, "frame_allocator_allocate", "a run", 2);
}

TEST_F(FrameFaultStepTest, Free_Run_IsWholeOrNothing) {
  Test(kRepeaterFramesBack, "frame_allocator_free", "a run", 0);
}

}  // namespace
}  // namespace step
