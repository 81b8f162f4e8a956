// SPDX-License-Identifier: MIT
#include "cells/command_state/command_state.h"

#include "testing/host/command_test.h"

namespace {

using CommandStateTest = CommandTest;

TEST_F(CommandStateTest, State_Blobs_AreRows) {
  blob_info_t blob = {};
  blob.name = fake_name("keyboard_queue");
  blob.version = 1;
  blob.bytes = 8192;
  blob.owners = 2;
  fake_core().blobs.assign(40, blob);
  const CommandAnswer answer = Run(command_state_step, "state");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output.substr(0, answer.output.find('\n', 60)),
            "NAME                       VERSION BYTES    OWNERS\n"
            "keyboard_queue             1       8192     2");
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 41);
}

TEST_F(CommandStateTest, State_Arguments_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_state_step, "state x").status);
}

}  // namespace
