// SPDX-License-Identifier: MIT
#include "cells/command_unload/command_unload.h"

#include "testing/host/command_test.h"

namespace {

using CommandUnloadTest = CommandTest;

TEST_F(CommandUnloadTest, Unload_Name_IsRequestedAndReported) {
  fake_core().instances = {fake_instance("hello", 4)};
  const CommandAnswer answer = Run(command_unload_step, "unload hello");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, "unload hello version 4\n");
  EXPECT_EQ(fake_core().requests[0].kind, static_cast<uint64_t>(kRequestUnload));
  EXPECT_TRUE(fake_core().requests[0].closed);
}

TEST_F(CommandUnloadTest, Unload_Unknown_SaysWhy) {
  fake_core().request_results = {ERR(NOT_FOUND)};
  fake_core().request_message = "nobody serves x";
  const CommandAnswer answer = Run(command_unload_step, "unload x");
  EXPECT_STATUS(NOT_FOUND, answer.status);
  EXPECT_EQ(answer.message, "nobody serves x");
}

TEST_F(CommandUnloadTest, Unload_Itself_IsBusy) {
  EXPECT_STATUS(BUSY, Run(command_unload_step, "unload command_unload").status);
  EXPECT_STATUS(BUSY, Run(command_unload_step, "unload shell").status);
  EXPECT_TRUE(fake_core().requests.empty());
}

TEST_F(CommandUnloadTest, Unload_NoName_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_unload_step, "unload").status);
}

}  // namespace
