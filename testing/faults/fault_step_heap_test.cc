// SPDX-License-Identifier: MIT
// The heap, failing at each instruction of what it does inside monitors. A block that it has lost
// goes with its pool.
#include "testing/faults/fault_step.h"

namespace step {
namespace {

class HeapFaultStepTest : public FaultStep {
 protected:
  void Test(repeater_call call, const std::string &function, const std::string &way) {
    const uint64_t free = FreeFrames();
    const Tally tally = FaultAtEach(ByRepeater(call, "heap", function, way));
    EXPECT_GT(tally.before, 0u);
    EXPECT_GT(tally.after, 0u);
    EXPECT_GT(tally.entries, 0u);
    EXPECT_EQ(FreeFrames(), free);
  }
};

TEST_F(HeapFaultStepTest, Allocate_OutOfCache_IsWholeOrNothing) {
  Test(kRepeaterBlock, "heap_allocate", "out of a cache");
}

TEST_F(HeapFaultStepTest, Free_IntoCache_IsWholeOrNothing) {
  Test(kRepeaterBlockBack, "heap_free", "into a cache");
}

TEST_F(HeapFaultStepTest, Allocate_LendsGroup_IsWholeOrNothing) {
  Test(kRepeaterBlockLent, "heap_allocate", "lends a group to a cache");
}

TEST_F(HeapFaultStepTest, Free_ToChunk_IsWholeOrNothing) {
  Test(kRepeaterBlockReturned, "heap_free", "to a chunk");
}

}  // namespace
}  // namespace step
