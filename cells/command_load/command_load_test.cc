// SPDX-License-Identifier: MIT
#include "cells/command_load/command_load.h"

#include "testing/host/command_test.h"

namespace {

using CommandLoadTest = CommandTest;

TEST_F(CommandLoadTest, Load_Object_IsRequestedAndReported) {
  fake_core().polls = 2;
  const CommandAnswer answer = Run(command_load_step, "load hello.o");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, "load hello version 1 generation 7\n");
  EXPECT_EQ(answer.waits, 2);
  ASSERT_EQ(fake_core().requests.size(), 1u);
  EXPECT_EQ(fake_core().requests[0].kind, static_cast<uint64_t>(kRequestLoad));
  EXPECT_EQ(fake_core().requests[0].cells[0].second, "hello");
  EXPECT_TRUE(fake_core().requests[0].closed);
}

TEST_F(CommandLoadTest, Load_Refused_SaysWhyAndLeavesNothingOpen) {
  fake_core().request_results = {ERR(BUSY)};
  fake_core().request_message = "keyboard is served already; use swap";
  const CommandAnswer answer = Run(command_load_step, "load keyboard");
  EXPECT_STATUS(BUSY, answer.status);
  EXPECT_EQ(answer.message, "keyboard is served already; use swap");
  EXPECT_TRUE(fake_core().requests[0].closed);
}

TEST_F(CommandLoadTest, Load_NoRequestFree_IsBusy) {
  fake_core().open_status = ERR(BUSY);
  EXPECT_STATUS(BUSY, Run(command_load_step, "load x").status);
}

TEST_F(CommandLoadTest, Load_NoObject_IsUsage) {
  const CommandAnswer answer = Run(command_load_step, "load");
  EXPECT_STATUS(INVALID_ARGUMENT, answer.status);
  EXPECT_EQ(answer.message, "usage: load OBJECT");
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_load_step, "load a b").status);
}

}  // namespace
