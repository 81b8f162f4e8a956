// SPDX-License-Identifier: MIT
#include "cells/command_cpus/command_cpus.h"

#include "cells/processors/processors.h"
#include "testing/host/command_test.h"

namespace {

std::vector<processor_t> list;
status_t list_end = ERR(END);

}  // namespace

u64_result_t processors_next(uint64_t cursor, processor_t *processor) {
  if (cursor / 10 >= list.size()) return {list_end, 0};
  *processor = list[cursor / 10];
  return {OK, cursor + 10};
}

namespace {

processor_info_t Info(uint64_t cycles, uint64_t idle, uint64_t first) {
  processor_info_t info = {};
  info.status = kProcessorOnline;
  info.cycles = cycles;
  info.idle_cycles = idle;
  info.switches = first;
  info.steps = first + 1;
  info.interrupts = first + 2;
  info.calls = first + 3;
  return info;
}

class CommandCpusTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    list_end = ERR(END);
    fake_core().processors = {Info(1000, 250, 10)};
  }
};

TEST_F(CommandCpusTest, Cpus_EachState_HasItsWords) {
  list = {{4, kProcessorRunning, 0},
          {5, kProcessorStarting, 1},
          {0, kProcessorIdle, kProcessors},
          {1, kProcessorFailed, kProcessors},
          {256, kProcessorUnreachable, kProcessors},
          {300, kProcessorAbsent, kProcessors},
          {7, kProcessorDisabled, kProcessors}};
  const CommandAnswer answer = Run(command_cpus_step, "cpus");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(
      answer.output,
      "NUMBER APIC       STATE       BUSY% SWITCHES   STEPS      INTERRUPTS CALLS NOTE\n"
      "0      4          running     75    10         11         12         13\n"
      "-      5          starting    -     -          -          -          -     it was reset, "
      "and "
      "is waited for\n"
      "-      0          idle        -     -          -          -          -     not started\n"
      "-      1          failed      -     -          -          -          -     did not start\n"
      "-      256        unreachable -     -          -          -          -     its number is "
      "above 254\n"
      "-      300        absent      -     -          -          -          -     may be plugged "
      "in\n"
      "-      7          disabled    -     -          -          -          -     by the "
      "firmware\n");
}

TEST_F(CommandCpusTest, Cpus_SeveralRun_EachHasItsCounters) {
  fake_core().processors = {Info(1000, 1000, 0), Info(UINT64_MAX, UINT64_MAX / 2, 100),
                            Info(50, 0, 7), Info(1000, 1001, 9)};
  list = {{0, kProcessorRunning, 0},
          {2, kProcessorRunning, 1},
          {3, kProcessorRunning, 2},
          {4, kProcessorRunning, 3}};
  const CommandAnswer answer = Run(command_cpus_step, "cpus");
  EXPECT_NE(answer.output.find("\n0      0          running     0     0  "), std::string::npos);
  EXPECT_NE(answer.output.find("\n1      2          running     50    100 "), std::string::npos);
  // Just came; and a clock that differs from the other processor's.
  EXPECT_NE(answer.output.find("\n2      3          running     0     7  "), std::string::npos);
  EXPECT_NE(answer.output.find("\n3      4          running     0     9  "), std::string::npos);
}

TEST_F(CommandCpusTest, Cpus_AThousand_AreAllThere) {
  list.assign(1000, {1, kProcessorIdle, kProcessors});
  const CommandAnswer answer = Run(command_cpus_step, "cpus");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 1001);
}

TEST_F(CommandCpusTest, Cpus_NonsenseAtTheEnd_IsSaidAfterTheGoodOnes) {
  list = {{0, kProcessorRunning, 0}};
  list_end = ERR(IO_ERROR);
  const CommandAnswer answer = Run(command_cpus_step, "cpus");
  EXPECT_STATUS(IO_ERROR, answer.status);
  EXPECT_NE(answer.output.find("running"), std::string::npos);
  EXPECT_NE(answer.message.find("nonsense"), std::string::npos);
}

TEST_F(CommandCpusTest, Cpus_CellGone_IsUnavailable) {
  list.clear();
  list_end = ERR(UNAVAILABLE);
  EXPECT_STATUS(UNAVAILABLE, Run(command_cpus_step, "cpus").status);
}

TEST_F(CommandCpusTest, Cpus_Arguments_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_cpus_step, "cpus x").status);
}

}  // namespace
