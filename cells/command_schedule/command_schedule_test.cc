// SPDX-License-Identifier: MIT
#include "cells/command_schedule/command_schedule.h"

#include "cells/scheduler/scheduler.h"
#include "cells/timer/timer.h"
#include "testing/host/command_test.h"

namespace {

std::deque<status_t> configure_results;  // OK when there are none
std::vector<std::pair<uint32_t, scheduler_wishes_t>> configured;
status_t describe_status = OK;
status_t timer_status = OK;

}  // namespace

// As the scheduler does it, where a cycle is a nanosecond.
status_t scheduler_configure(task_t task, const scheduler_wishes_t *wishes) {
  configured.emplace_back(task.index, *wishes);
  if (!configure_results.empty()) {
    const status_t status = configure_results.front();
    configure_results.pop_front();
    if (!status_is_ok(status)) return status;
  }
  task_info_t &info = fake_core().tasks[task.index];
  if ((wishes->wanted & kSchedulerPriority) != 0) info.priority = wishes->priority;
  if ((wishes->wanted & kSchedulerWeight) != 0) info.weight = wishes->weight;
  if ((wishes->wanted & kSchedulerDeadline) != 0) info.deadline = wishes->deadline.count - 1;
  return OK;
}

status_t scheduler_describe(scheduler_info_t *info) {
  *info = {"rrob", 1, 2, 3, 4, 5, 6};
  return describe_status;
}

u64_result_t timer_cycles_to_nanoseconds(uint64_t cycles) { return {timer_status, cycles}; }

namespace {

class CommandScheduleTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    configure_results.clear();
    configured.clear();
    describe_status = timer_status = OK;
    task_info_t info = {};
    strcpy(info.name, "worker");
    info.generation = 3;
    info.status = kTaskReady;
    info.priority = 32;
    info.weight = 1024;
    fake_core().tasks = {info};
  }

  CommandAnswer Schedule(const std::string &words) {
    return Run(command_schedule_step, "schedule " + words);
  }
};

TEST_F(CommandScheduleTest, Schedule_Alone_ShowsTheScheduler) {
  const CommandAnswer answer = Run(command_schedule_step, "schedule");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "WHAT       VALUE\n"
            "policy     rrob\n"
            "entries    1\n"
            "enqueued   2\n"
            "switched   3\n"
            "continued  4\n"
            "dropped    5\n"
            "failures   6\n");
}

TEST_F(CommandScheduleTest, Schedule_Task_ShowsItAndChangesNothing) {
  const CommandAnswer answer = Schedule("worker");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "INDEX NAME                 PRIORITY WEIGHT DEADLINE_US\n"
            "0     worker               32       1024   0\n");
  EXPECT_TRUE(configured.empty());
}

TEST_F(CommandScheduleTest, Schedule_Settings_AreSetAndShown) {
  const CommandAnswer answer = Schedule("0 deadline=5000 priority=3 weight=77");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_NE(answer.output.find("\n0     worker               3        77     5000\n"),
            std::string::npos);
  ASSERT_EQ(configured.size(), 1u);
  EXPECT_EQ(configured[0].second.deadline.count, 5000000u);
}

TEST_F(CommandScheduleTest, Schedule_OneSetting_IsAllThatIsWanted) {
  EXPECT_STATUS(OK, Schedule("worker weight=77").status);
  EXPECT_EQ(configured[0].second.wanted, uint64_t{kSchedulerWeight});
}

TEST_F(CommandScheduleTest, Schedule_TimerNotReady_IsTriedAgain) {
  configure_results = {ERR(WOULD_BLOCK), ERR(WOULD_BLOCK)};
  const CommandAnswer answer = Schedule("worker deadline=10");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.waits, 2);
}

TEST_F(CommandScheduleTest, Schedule_BadSettings_AreRefusedBeforeAnythingIsChanged) {
  for (const char *words : {"worker nice=3", "worker priority", "worker priority=",
                            "worker priority=x", "worker weight=1 priority=-1"}) {
    const CommandAnswer answer = Schedule(words);
    EXPECT_STATUS(INVALID_ARGUMENT, answer.status);
    EXPECT_FALSE(answer.message.empty());
  }
  EXPECT_STATUS(OUT_OF_RANGE, Schedule("worker weight=18446744073709551616").status);
  EXPECT_STATUS(OUT_OF_RANGE, Schedule("worker deadline=18446744073709551615").status);
  EXPECT_TRUE(configured.empty());
}

TEST_F(CommandScheduleTest, Schedule_Refused_SaysTheRange) {
  configure_results = {ERR(OUT_OF_RANGE)};
  const CommandAnswer answer = Schedule("worker priority=64");
  EXPECT_STATUS(OUT_OF_RANGE, answer.status);
  EXPECT_NE(answer.message.find("0, the most urgent, to 63"), std::string::npos);
  configure_results = {ERR(STALE)};
  EXPECT_EQ(Schedule("worker priority=1").message, "task worker has ended");
}

TEST_F(CommandScheduleTest, Schedule_UnknownTask_IsNotFound) {
  EXPECT_STATUS(NOT_FOUND, Schedule("nobody weight=1").status);
  EXPECT_STATUS(NOT_FOUND, Schedule("idle/0").status);
}

TEST_F(CommandScheduleTest, Schedule_CellsAway_IsSaid) {
  describe_status = ERR(UNAVAILABLE);
  EXPECT_STATUS(UNAVAILABLE, Run(command_schedule_step, "schedule").status);
  timer_status = ERR(UNAVAILABLE);
  EXPECT_NE(Schedule("worker").output.find(" 1024   -\n"), std::string::npos);
}

}  // namespace
