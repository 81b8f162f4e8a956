// SPDX-License-Identifier: MIT
#include "cells/command_irqs/command_irqs.h"

#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "testing/host/command_test.h"

// Lines 0 and 2 have a handler, and the second vector of messages.
status_t interrupt_dispatch_describe(uint64_t index, interrupt_info_t *info) {
  if (index > 3) return ERR(END);
  if (index % 2 != 0) return ERR(NOT_FOUND);
  *info = {};
  info->line = static_cast<uint32_t>(index);
  info->vector = static_cast<uint32_t>(32 + index);
  info->count = 1000;
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

namespace {

using CommandIrqsTest = CommandTest;

TEST_F(CommandIrqsTest, Irqs_Lines_AreRows) {
  const CommandAnswer answer = Run(command_irqs_step, "irqs");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "LINE VECTOR COUNT      ERRORS NAME\n"
            "0    32     1000       0      timer\n"
            "2    34     1000       0      timer\n"
            "-    65     0          0      virtio_console\n");
}

TEST_F(CommandIrqsTest, Irqs_Arguments_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_irqs_step, "irqs x").status);
}

}  // namespace
