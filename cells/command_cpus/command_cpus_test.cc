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

class CommandCpusTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    list_end = ERR(END);
  }
};

TEST_F(CommandCpusTest, Cpus_EachState_HasItsWords) {
  list = {{4, kProcessorRunning},
          {0, kProcessorIdle},
          {300, kProcessorAbsent},
          {7, kProcessorDisabled}};
  const CommandAnswer answer = Run(command_cpus_step, "cpus");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "NUMBER APIC       STATE\n"
            "0      4          running\n"
            "1      0          idle: not started\n"
            "2      300        absent: may be plugged in\n"
            "3      7          disabled by the firmware\n");
}

TEST_F(CommandCpusTest, Cpus_AThousand_AreNumbered) {
  list.assign(1000, {1, kProcessorIdle});
  const CommandAnswer answer = Run(command_cpus_step, "cpus");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 1001);
  EXPECT_NE(answer.output.find("\n999    1 "), std::string::npos);
}

TEST_F(CommandCpusTest, Cpus_NonsenseAtTheEnd_IsSaidAfterTheGoodOnes) {
  list = {{0, kProcessorRunning}};
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
