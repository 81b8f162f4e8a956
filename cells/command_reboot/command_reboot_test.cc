// SPDX-License-Identifier: MIT
#include "cells/command_reboot/command_reboot.h"

#include "cells/power/power.h"
#include "testing/host/command_test.h"

namespace {

int reboots = 0;

}  // namespace

status_t power_reboot(void) {
  reboots++;
  return ERR(UNSUPPORTED);
}

namespace {

using CommandRebootTest = CommandTest;

TEST_F(CommandRebootTest, Reboot_Answer_ComesBeforeTheReset) {
  const CommandAnswer answer = Run(command_reboot_step, "reboot");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(reboots, 0);
  ASSERT_NE(answer.after, 0u);
  command_.stage = answer.after;
  EXPECT_STATUS(UNSUPPORTED, Finish(command_reboot_step).status);
  EXPECT_EQ(reboots, 1);
}

TEST_F(CommandRebootTest, Reboot_PowerGone_IsAnErrorAtOnce) {
  fake_core().references["power_reboot"] = ERR(NOT_FOUND);
  EXPECT_STATUS(NOT_FOUND, Run(command_reboot_step, "reboot").status);
}

TEST_F(CommandRebootTest, Reboot_Arguments_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_reboot_step, "reboot now").status);
}

}  // namespace
