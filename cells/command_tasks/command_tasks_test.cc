// SPDX-License-Identifier: MIT
#include "cells/command_tasks/command_tasks.h"

#include "testing/host/command_test.h"

namespace {

using CommandTasksTest = CommandTest;

task_info_t Task(const std::string &name, uint32_t index, uint32_t status) {
  task_info_t info = {};
  name.copy(info.name, sizeof(info.name) - 1);
  info.index = index;
  info.status = status;
  info.steps = 10 * index;
  info.preemptions = index;
  return info;
}

TEST_F(CommandTasksTest, Tasks_Table_IsListedWithoutEmptyPlaces) {
  fake_core().tasks = {Task("shell", 0, kTaskRunning), Task("", 1, 0),
                       Task("keys", 2, kTaskWaiting), Task("odd", 3, 77)};
  const CommandAnswer answer = Run(command_tasks_step, "tasks");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "INDEX NAME                 STATUS  STEPS        PREEMPTIONS\n"
            "0     shell                running 0            0\n"
            "2     keys                 waiting 20           2\n"
            "3     odd                  unknown 30           3\n");
}

TEST_F(CommandTasksTest, Tasks_Arguments_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_tasks_step, "tasks x").status);
}

}  // namespace
