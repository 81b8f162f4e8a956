// SPDX-License-Identifier: MIT
#include "cells/command_kill/command_kill.h"

#include "testing/host/command_test.h"

namespace {

class CommandKillTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    Add("shell", kTaskRunning);
    Add("", 0);
    Add("keys", kTaskWaiting);
    Add("worker", kTaskReady);
    Add("worker", kTaskRunning);
    Add("done", kTaskEnded);
  }

  static void Add(const std::string &name, uint32_t status) {
    task_info_t info = {};
    name.copy(info.name, sizeof(info.name) - 1);
    info.index = static_cast<uint32_t>(fake_core().tasks.size());
    info.generation = 5;
    info.status = status;
    fake_core().tasks.push_back(info);
  }

  CommandAnswer Kill(const std::string &task) { return Run(command_kill_step, "kill " + task); }
};

TEST_F(CommandKillTest, Kill_Name_IsCancelled) {
  const CommandAnswer answer = Kill("keys");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, "kill keys 2\n");
  ASSERT_EQ(fake_core().cancelled.size(), 1u);
  EXPECT_EQ(fake_core().cancelled[0].index, 2u);
  EXPECT_EQ(fake_core().cancelled[0].generation, 5u);
}

TEST_F(CommandKillTest, Kill_Number_IsCancelled) {
  EXPECT_STATUS(OK, Kill("4").status);
  EXPECT_EQ(fake_core().cancelled[0].index, 4u);
}

TEST_F(CommandKillTest, Kill_SeveralOfTheName_NamesTheirNumbers) {
  const CommandAnswer answer = Kill("worker");
  EXPECT_STATUS(INVALID_ARGUMENT, answer.status);
  EXPECT_EQ(answer.message, "worker is the name of several; say which by its number: 3 4");
  EXPECT_TRUE(fake_core().cancelled.empty());
}

TEST_F(CommandKillTest, Kill_VeryManyOfTheName_MessageStaysWithinItsRoom) {
  for (int i = 0; i < 500; i++) Add("worker", kTaskReady);
  const CommandAnswer answer = Kill("worker");
  EXPECT_STATUS(INVALID_ARGUMENT, answer.status);
  EXPECT_NE(answer.message.find(" 3 4 6 7 8"), std::string::npos);
  EXPECT_LT(answer.message.size(), size_t{kMessageBytes});
}

TEST_F(CommandKillTest, Kill_Shell_IsDeniedByNameAndNumber) {
  EXPECT_STATUS(DENIED, Kill("shell").status);
  const CommandAnswer answer = Kill("0");
  EXPECT_STATUS(DENIED, answer.status);
  EXPECT_NE(answer.message.find("shell"), std::string::npos);
  EXPECT_TRUE(fake_core().cancelled.empty());
}

TEST_F(CommandKillTest, Kill_Idle_IsNoTask) {
  for (const char *word : {"idle", "idle/0", "idle/15"}) {
    const CommandAnswer answer = Kill(word);
    EXPECT_STATUS(NOT_FOUND, answer.status);
    EXPECT_NE(answer.message.find("is no task"), std::string::npos);
  }
}

TEST_F(CommandKillTest, Kill_Unknown_SaysHowToFindOut) {
  for (const char *word : {"nobody", "1", "77", "18446744073709551615", "-3", "done"}) {
    const CommandAnswer answer = Kill(word);
    EXPECT_STATUS(NOT_FOUND, answer.status);
    EXPECT_NE(answer.message.find(word), std::string::npos);
    EXPECT_NE(answer.message.find("`tasks` lists them"), std::string::npos);
  }
}

TEST_F(CommandKillTest, Kill_Twice_SaysWhy) {
  fake_core().cancel_results[2] = ERR(CANCELLED);
  CommandAnswer answer = Kill("keys");
  EXPECT_STATUS(CANCELLED, answer.status);
  EXPECT_EQ(answer.message, "task keys was asked before; it ends with the step that it is in");
  fake_core().cancel_results[5] = ERR(STALE);
  answer = Kill("5");
  EXPECT_STATUS(STALE, answer.status);
  EXPECT_EQ(answer.message, "task done has ended already");
}

TEST_F(CommandKillTest, Kill_Words_AreChecked) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_kill_step, "kill").status);
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_kill_step, "kill 1 2").status);
}

}  // namespace
