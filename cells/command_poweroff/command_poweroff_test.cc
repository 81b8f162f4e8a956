// SPDX-License-Identifier: MIT
#include "cells/command_poweroff/command_poweroff.h"

#include "cells/power/power.h"
#include "testing/host/command_test.h"

namespace {

int offs = 0;
uint64_t code_seen = 0;

}  // namespace

status_t power_off(uint64_t code) {
  offs++;
  code_seen = code;
  return OK;
}

namespace {

using CommandPoweroffTest = CommandTest;

TEST_F(CommandPoweroffTest, Poweroff_Answer_ComesBeforeTheMachineGoesOff) {
  offs = 0;
  const CommandAnswer answer = Run(command_poweroff_step, "poweroff 7");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(offs, 0);
  ASSERT_NE(answer.after, 0u);
  command_.stage = answer.after;
  EXPECT_STATUS(OK, Finish(command_poweroff_step).status);
  EXPECT_EQ(offs, 1);
  EXPECT_EQ(code_seen, 7u);
}

TEST_F(CommandPoweroffTest, Poweroff_NoCode_IsZero) {
  Begin("poweroff");
  command_.stage = 1;
  code_seen = 99;
  EXPECT_STATUS(OK, Finish(command_poweroff_step).status);
  EXPECT_EQ(code_seen, 0u);
}

TEST_F(CommandPoweroffTest, Poweroff_BadCode_IsRefused) {
  EXPECT_STATUS(OUT_OF_RANGE, Run(command_poweroff_step, "poweroff 101").status);
  EXPECT_STATUS(OUT_OF_RANGE, Run(command_poweroff_step, "poweroff -1").status);
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_poweroff_step, "poweroff x").status);
  EXPECT_EQ(Run(command_poweroff_step, "poweroff x").message, "x is not a number");
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_poweroff_step, "poweroff 1 2").status);
}

TEST_F(CommandPoweroffTest, Poweroff_PowerGone_IsAnErrorAtOnce) {
  fake_core().references["power_off"] = ERR(NOT_FOUND);
  const CommandAnswer answer = Run(command_poweroff_step, "poweroff");
  EXPECT_STATUS(NOT_FOUND, answer.status);
  EXPECT_EQ(answer.after, 0u);
}

}  // namespace
