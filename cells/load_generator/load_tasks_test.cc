// SPDX-License-Identifier: MIT
// What the workers of tasks and timers, and their children, do.
#include "cells/load_generator/fake_world.h"

namespace {

using LoadTasksTest = LoadTest;

// Rounds of a millisecond, in each of which every task makes a step.
void Rounds(int count, void (*work)(const std::string &, int), const std::string &load) {
  for (int i = 0; i < count; i++) {
    world.now += 1000000;
    work(load, 1);
  }
}

size_t Children(const std::vector<std::string> &names) {
  return static_cast<size_t>(std::count_if(names.begin(), names.end(), [](const std::string &name) {
    return name.find('.') != std::string::npos;
  }));
}

// What both promise.
class LoadTasksEachTest : public LoadTest, public ::testing::WithParamInterface<const char *> {};

INSTANTIATE_TEST_SUITE_P(Loads, LoadTasksEachTest, ::testing::Values("tasks", "timers"),
                         [](const auto &load) { return std::string(load.param); });

TEST_P(LoadTasksEachTest, Stop_JoinsEveryChild) {
  const std::string load = GetParam();
  Start(load);
  Rounds(30, Work, load);
  EXPECT_GE(Children(Alive()), 32u);
  StopAndWait(load);
  EXPECT_TRUE(Alive().empty());
  for (const FakeTask &task : world.tasks) EXPECT_TRUE(task.joined || !task.joinable) << task.name;
  EXPECT_EQ(fake_core().references_held, 0);
  EXPECT_EQ(Report(load).errors + Report(load).lost, 0u);
}

TEST_F(LoadTasksTest, Tasks_AllWell_OnlyOperations) {
  world.spawns_left = 1 << 20;
  Start("tasks");
  Work("tasks", 1);
  EXPECT_EQ(Children(Alive()), 64u) << "thirty-two of each worker are alive at once";
  Rounds(100, Work, "tasks");
  const load_report_t report = Report("tasks");
  EXPECT_GE(report.operations, 200u);
  EXPECT_EQ(report.errors + report.lost + report.retries, 0u);
  EXPECT_GT(report.worst_ns, 1000000u);
}

TEST_F(LoadTasksTest, Tasks_AStepMadeTwice_IsAnError) {
  Start("tasks");
  Rounds(3, Work, "tasks");
  world.step_twice = true;
  Rounds(1, Work, "tasks");
  world.step_twice = false;
  Rounds(20, Work, "tasks");
  EXPECT_GE(Report("tasks").errors, 1u);
  EXPECT_STREQ(Report("tasks").wrong, "tasks/0");
}

TEST_F(LoadTasksTest, Tasks_AChildThatHasNotDoneItsWork_IsAnError) {
  Start("tasks");
  world.early_end = true;
  Rounds(3, Work, "tasks");
  EXPECT_GE(Report("tasks").errors, 64u);
  EXPECT_EQ(Report("tasks").operations, 0u);
}

TEST_F(LoadTasksTest, Tasks_AChildThatIsKilled_IsAnError) {
  Start("tasks");
  Work("tasks", 1);
  Kill("tasks/1.3", ERR(CANCELLED));
  Rounds(3, Work, "tasks");
  EXPECT_EQ(Report("tasks").errors, 1u);
  EXPECT_STREQ(Report("tasks").wrong, "tasks/1");
}

TEST_F(LoadTasksTest, Tasks_AChildThatNeverRuns_IsLost) {
  Start("tasks");
  Work("tasks", 1);
  world.deaf_children = true;
  world.now += 2000000000;
  Work("tasks", 1);
  EXPECT_EQ(Report("tasks").lost, 0u);
  world.now += 2000000000;
  Work("tasks", 1);
  EXPECT_EQ(Report("tasks").lost, 64u);
  EXPECT_EQ(Report("tasks").errors, 0u);
  world.deaf_children = false;
  Rounds(50, Work, "tasks");
  EXPECT_GT(Report("tasks").operations, 50u) << "it goes on";
}

TEST_F(LoadTasksTest, Tasks_NoMemoryForMore_IsARetry) {
  Start("tasks");
  world.spawns_left = 3;
  Work("tasks", 1);
  EXPECT_EQ(Children(Alive()), 3u);
  EXPECT_EQ(Report("tasks").retries, 61u);
  EXPECT_EQ(Report("tasks").errors, 0u);
  world.spawns_left = 1000;
  Rounds(10, Work, "tasks");
  EXPECT_EQ(Report("tasks").errors, 0u);
}

TEST_F(LoadTasksTest, Tasks_TimerAway_IsARetryAndNoChildGoesWrong) {
  Start("tasks");
  Rounds(20, Work, "tasks");
  world.timer = ERR(UNAVAILABLE);
  Rounds(5, Work, "tasks");
  world.timer = OK;
  Rounds(20, Work, "tasks");
  EXPECT_GE(Report("tasks").retries, 10u);
  EXPECT_EQ(Report("tasks").errors + Report("tasks").lost, 0u);
}

TEST_F(LoadTasksTest, Timers_AllWell_OnlyOperations) {
  Start("timers");
  Rounds(1000, Work, "timers");
  const load_report_t report = Report("timers");
  EXPECT_GE(report.operations, 1000u) << "in a second, by two workers";
  EXPECT_EQ(report.errors + report.lost + report.retries, 0u);
  EXPECT_LT(report.worst_ns, 2000000u);
}

TEST_F(LoadTasksTest, Timers_WokenEarly_IsAnError) {
  Start("timers");
  Rounds(2, Work, "timers");
  world.wake_early = true;
  Work("timers", 1);
  EXPECT_GE(Report("timers").errors, 20u);
}

TEST_F(LoadTasksTest, Timers_WokenMoreThanASecondsTicksLate_IsAnError) {
  Start("timers");
  Rounds(2, Work, "timers");
  world.now += 1100000000;
  Work("timers", 1);
  EXPECT_EQ(Report("timers").errors, 64u);
  EXPECT_GT(Report("timers").worst_ns, 1000000000u);
}

// The machine was stopped from outside, and so were its ticks.
TEST_F(LoadTasksTest, Timers_WokenLateByAFewTicks_IsNoError) {
  Start("timers");
  Rounds(2, Work, "timers");
  world.now += 1100000000;
  world.merged_ticks = 500;
  Work("timers", 1);
  EXPECT_EQ(Report("timers").errors, 0u);
  EXPECT_GT(Report("timers").worst_ns, 1000000000u);
}

TEST_F(LoadTasksTest, Timers_NotWoken_IsLost) {
  Start("timers");
  Rounds(2, Work, "timers");
  world.deaf_children = true;
  world.now += 9000000000;
  Work("timers", 1);
  EXPECT_EQ(Report("timers").lost, 0u);
  world.now += 2000000000;
  Work("timers", 1);
  EXPECT_EQ(Report("timers").lost, 64u);
  EXPECT_STREQ(Report("timers").wrong, "timers/0");
}

TEST_F(LoadTasksTest, Timers_TimerAway_IsARetry) {
  Start("timers");
  Rounds(5, Work, "timers");
  world.timer = ERR(UNAVAILABLE);
  Rounds(5, Work, "timers");
  world.timer = OK;
  Rounds(50, Work, "timers");
  EXPECT_GE(Report("timers").retries, 50u);
  EXPECT_EQ(Report("timers").errors + Report("timers").lost, 0u);
}

}  // namespace
