// SPDX-License-Identifier: MIT
#include "cells/command_help/command_help.h"

#include "testing/host/command_test.h"

namespace {

using CommandHelpTest = CommandTest;

TEST_F(CommandHelpTest, Help_Commands_AreListedWithSummaries) {
  fake_core().objects = {fake_object("heap", "heap", "memory"),
                         fake_object("command_mem", "command_mem", "mem: who holds how much"),
                         fake_object("broken", "", ""),
                         fake_object("command_swap", "command_swap", "swap NAME: replaces it")};
  fake_core().bad_objects = {"broken"};
  const CommandAnswer answer = Run(command_help_step, "help");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "COMMAND    SUMMARY\n"
            "mem        mem: who holds how much\n"
            "swap       swap NAME: replaces it\n");
}

TEST_F(CommandHelpTest, Help_OneCommand_IsExplained) {
  fake_core().objects = {fake_object("command_mem", "command_mem", "mem: who holds how much"),
                         fake_object("command_swap", "command_swap", "swap NAME: replaces it")};
  const CommandAnswer answer = Run(command_help_step, "help swap");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, "COMMAND    SUMMARY\nswap       swap NAME: replaces it\n");
}

TEST_F(CommandHelpTest, Help_UnknownCommand_IsNotFound) {
  const CommandAnswer answer = Run(command_help_step, "help nothing");
  EXPECT_STATUS(NOT_FOUND, answer.status);
  EXPECT_EQ(answer.message, "no command nothing");
  EXPECT_EQ(answer.output, "");
}

TEST_F(CommandHelpTest, Help_ManyCommands_FillMoreThanOneBuffer) {
  for (int i = 0; i < 60; i++) {
    const std::string name = "command_number" + std::to_string(i);
    fake_core().objects.push_back(fake_object(name, name, std::string(119, 's')));
  }
  const CommandAnswer answer = Run(command_help_step, "help");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 61);
  EXPECT_GT(answer.steps, 1);
}

TEST_F(CommandHelpTest, Help_TooManyWords_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_help_step, "help a b").status);
}

}  // namespace
