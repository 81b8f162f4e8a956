// SPDX-License-Identifier: MIT
#include "cells/command_help/command_help.h"

#include "cells/completion/completion.h"
#include "testing/host/command_test.h"

status_t completion_nearest(text_t word, name_t *command) {
  if (fake_string(word) != "swpa") return ERR(NOT_FOUND);
  *command = fake_name("swap");
  return OK;
}

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
                         fake_object("command_swap", "command_swap", "swap NAME [INTEGER]: it")};
  CommandAnswer answer = Run(command_help_step, "help swap");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "COMMAND    SUMMARY\n"
            "swap       swap NAME [INTEGER]: it\n"
            "ARGUMENT   MEANING\n"
            "NAME       an interface that is served; `cells` lists them\n"
            "INTEGER    a number, decimal or hexadecimal after 0x\n");
  answer = Run(command_help_step, "help mem");
  EXPECT_EQ(answer.output, "COMMAND    SUMMARY\nmem        mem: who holds how much\n");
}

TEST_F(CommandHelpTest, Help_UnknownCommand_IsNotFound) {
  const CommandAnswer answer = Run(command_help_step, "help nothing");
  EXPECT_STATUS(NOT_FOUND, answer.status);
  EXPECT_EQ(answer.message, "no command nothing");
  EXPECT_EQ(answer.output, "");
  EXPECT_EQ(Run(command_help_step, "help swpa").message, "no command swpa; did you mean swap?");
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
