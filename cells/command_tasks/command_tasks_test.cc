// SPDX-License-Identifier: MIT
#include "cells/command_tasks/command_tasks.h"

#include "cells/timer/timer.h"
#include "testing/host/command_test.h"
#include "testing/host/ports.h"

namespace {

status_t timer_status = OK;

}  // namespace

// Half a gigahertz.
u64_result_t timer_cycles_to_nanoseconds(uint64_t cycles) { return {timer_status, 2 * cycles}; }

namespace {

class CommandTasksTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    timer_status = OK;
    host_cycles = 5000000000;
  }
};

task_info_t Task(const std::string &name, uint32_t index, uint32_t status) {
  task_info_t info = {};
  name.copy(info.name, sizeof(info.name) - 1);
  info.index = index;
  info.status = status;
  info.processor = index % 3;
  info.steps = 10 * index;
  info.preemptions = index;
  info.ran = 500000 * index;
  info.priority = 32;
  info.weight = 1024;
  return info;
}

TEST_F(CommandTasksTest, Tasks_Table_IsListedWithoutEmptyPlaces) {
  fake_core().tasks = {Task("shell", 0, kTaskRunning), Task("", 1, 0),
                       Task("keys", 2, kTaskWaiting), Task("odd", 3, 77)};
  const CommandAnswer answer = Run(command_tasks_step, "tasks");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "INDEX NAME                 STATUS  PRIORITY WEIGHT PROCESSOR STEPS        PREEMPTIONS "
            "RAN_MS\n"
            "0     shell                running 32       1024   0         0            0           "
            "0\n"
            "2     keys                 waiting 32       1024   2         20           2           "
            "2\n"
            "3     odd                  unknown 32       1024   0         30           3           "
            "3\n");
}

TEST_F(CommandTasksTest, Tasks_StepUnderWayForMoreThanASecond_IsStuck) {
  fake_core().tasks = {Task("long", 0, kTaskRunning), Task("preempted", 1, kTaskReady),
                       Task("short", 2, kTaskRunning), Task("ahead", 3, kTaskRunning)};
  fake_core().tasks[0].step_started = host_cycles - 500000001;
  fake_core().tasks[1].step_started = 1;
  fake_core().tasks[2].step_started = host_cycles - 500000000;
  fake_core().tasks[3].step_started = host_cycles + 5;  // another processor's counter
  const CommandAnswer answer = Run(command_tasks_step, "tasks");
  EXPECT_NE(answer.output.find("long                 stuck   "), std::string::npos);
  EXPECT_NE(answer.output.find("preempted            stuck   "), std::string::npos);
  EXPECT_NE(answer.output.find("short                running "), std::string::npos);
  EXPECT_NE(answer.output.find("ahead                running "), std::string::npos);
}

TEST_F(CommandTasksTest, Tasks_NoTimer_AreListedWithoutTimes) {
  timer_status = ERR(UNAVAILABLE);
  fake_core().tasks = {Task("keys", 7, kTaskWaiting)};
  fake_core().tasks[0].step_started = 1;
  const CommandAnswer answer = Run(command_tasks_step, "tasks");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_NE(answer.output.find("waiting 32       1024   1         70           7           -\n"),
            std::string::npos);
}

TEST_F(CommandTasksTest, Tasks_Thousands_AreListedInSteps) {
  for (uint32_t i = 0; i < 3000; i++) fake_core().tasks.push_back(Task("many", i, kTaskReady));
  const CommandAnswer answer = Run(command_tasks_step, "tasks");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 3001);
  EXPECT_GT(answer.steps, 100);
}

TEST_F(CommandTasksTest, Tasks_Arguments_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_tasks_step, "tasks x").status);
}

}  // namespace
