// SPDX-License-Identifier: MIT
#include "cells/command_irqs/command_irqs.h"

#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "testing/host/command_test.h"

namespace {

status_t route_status;
uint64_t routed_line;
uint64_t routed_processor;

}  // namespace

// Lines 0 and 2 have a handler, and the second vector of messages.
status_t interrupt_dispatch_describe(uint64_t index, interrupt_info_t *info) {
  if (index > 3) return ERR(END);
  if (index % 2 != 0) return ERR(NOT_FOUND);
  *info = {};
  info->line = static_cast<uint32_t>(index);
  info->vector = static_cast<uint32_t>(32 + index);
  info->count = 1007;
  info->counts[0] = 1000;
  info->counts[2] = 7;
  snprintf(info->name, sizeof(info->name), "timer");
  return OK;
}

status_t interrupt_dispatch_describe_message(uint64_t index, interrupt_info_t *info) {
  if (index > 1) return ERR(END);
  if (index == 0) return ERR(NOT_FOUND);
  *info = {};
  info->line = kInterruptNoLine;
  info->vector = 65;
  snprintf(info->name, sizeof(info->name), "virtio_console");
  return OK;
}

status_t interrupt_dispatch_route(uint64_t line, uint64_t processor) {
  routed_line = line;
  routed_processor = processor;
  return route_status;
}

namespace {

class CommandIrqsTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    route_status = OK;
    routed_line = routed_processor = 99;
    SetProcessors(1);
  }
  void SetProcessors(size_t count) {
    processor_info_t info = {};
    info.status = kProcessorOnline;
    fake_core().processors.assign(count, info);
  }
  std::string Refusal(const std::string &line, uint32_t code) {
    const CommandAnswer answer = Run(command_irqs_step, line);
    EXPECT_EQ(answer.status.code, code) << line;
    return answer.message;
  }
};

TEST_F(CommandIrqsTest, Irqs_OneProcessor_HasOneColumn) {
  const CommandAnswer answer = Run(command_irqs_step, "irqs");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "LINE VECTOR CPU0       ERRORS NAME\n"
            "0    32     1000       0      timer\n"
            "2    34     1000       0      timer\n"
            "-    65     0          0      virtio_console\n");
}

TEST_F(CommandIrqsTest, Irqs_ThreeOfFour_HaveAColumnEach) {
  SetProcessors(4);
  fake_core().processors[1].status = kProcessorPrepared;
  const CommandAnswer answer = Run(command_irqs_step, "irqs");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "LINE VECTOR CPU0       CPU2       CPU3       ERRORS NAME\n"
            "0    32     1000       7          0          0      timer\n"
            "2    34     1000       7          0          0      timer\n"
            "-    65     0          0          0          0      virtio_console\n");
}

TEST_F(CommandIrqsTest, Irqs_Sixteen_RowsAreWhole) {
  SetProcessors(16);
  const CommandAnswer answer = Run(command_irqs_step, "irqs");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_NE(answer.output.find("CPU15      ERRORS NAME\n"), std::string::npos);
  EXPECT_NE(answer.output.find("0      virtio_console\n"), std::string::npos);
}

TEST_F(CommandIrqsTest, Irqs_ProcessorComesMeanwhile_TheColumnsStay) {
  Begin("irqs");
  EXPECT_STATUS(OK, command_irqs_step(&command_));
  SetProcessors(2);
  const CommandAnswer answer = Finish(command_irqs_step);
  EXPECT_NE(answer.output.find("0    32     1000       0      timer\n"), std::string::npos);
}

TEST_F(CommandIrqsTest, Route_Line_IsSentThere) {
  const CommandAnswer answer = Run(command_irqs_step, "irqs route 4 3");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, "line 4 goes to processor 3\n");
  EXPECT_EQ(routed_line, 4u);
  EXPECT_EQ(routed_processor, 3u);
}

TEST_F(CommandIrqsTest, Route_Refused_SaysWhatToDo) {
  route_status = ERR(NOT_FOUND);
  EXPECT_EQ(Refusal("irqs route 7 0", STATUS_NOT_FOUND),
            "nobody has line 7; `irqs` lists those that are in use");
  route_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Refusal("irqs route 4 3", STATUS_UNAVAILABLE),
            "processor 3 is not online; `cpus` lists those that are");
  EXPECT_EQ(Refusal("irqs route 4 0", STATUS_UNAVAILABLE), "") << "a cell is away";
  route_status = ERR(OUT_OF_RANGE);
  EXPECT_EQ(Refusal("irqs route 4 16", STATUS_OUT_OF_RANGE),
            "processor 16 is not online; `cpus` lists those that are");
  route_status = ERR(UNSUPPORTED);
  EXPECT_EQ(Refusal("irqs route 4 3", STATUS_UNSUPPORTED),
            "processor 3 has a local APIC that lines cannot reach");
}

TEST_F(CommandIrqsTest, Route_NoLine_IsNotTried) {
  EXPECT_EQ(Refusal("irqs route 65 0", STATUS_UNSUPPORTED),
            "vector 65 is of a device that signals by message, where its driver told it");
  for (const char *line : {"24", "64", "80", "18446744073709551615"}) {
    EXPECT_NE(Refusal(std::string("irqs route ") + line + " 0", STATUS_NOT_FOUND), "") << line;
  }
  EXPECT_NE(Refusal("irqs route x 0", STATUS_INVALID_ARGUMENT), "");
  EXPECT_NE(Refusal("irqs route 4 x", STATUS_INVALID_ARGUMENT), "");
  EXPECT_EQ(routed_line, 99u);
}

TEST_F(CommandIrqsTest, Irqs_OtherWords_IsUsage) {
  for (const char *line : {"irqs x", "irqs route", "irqs route 4", "irqs route 4 1 2"}) {
    EXPECT_STATUS(INVALID_ARGUMENT, Run(command_irqs_step, line).status);
  }
}

}  // namespace
