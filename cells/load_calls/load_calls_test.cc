// SPDX-License-Identifier: MIT
#include "cells/load_calls/load_calls.h"

#include "cells/load_calls/fake_world.h"

namespace {

// A step makes so many operations, or a few more.
constexpr uint64_t kPerStep = 24;
constexpr uint64_t kKinds = 14;

class LoadCallsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fake_core() = {};
    world = {};
    const load_worker_t worker = {0, 1, kFakeNumber, 7};
    SEALED_COMMIT(&task_, kLoadCallsTag, kLoadCallsVersion, &worker);
  }

  status_t Step() {
    const status_t status = load_calls_step(&task_);
    EXPECT_EQ(host_monitor_depth(), 0u);
    return status;
  }

  void Steps(int count) {
    for (int i = 0; i < count; i++) EXPECT_TRUE(status_is_ok(Step()));
  }

  // Ends the load. What the last step brought is counted then.
  void Stop() {
    world.stopping = true;
    EXPECT_TRUE(status_is(Step(), STATUS_END));
    EXPECT_EQ(world.left, 1);
  }

  task_progress_t task_ = {};
};

TEST_F(LoadCallsTest, Step_AllWell_OnlyOperations) {
  Steps(40);
  Stop();
  EXPECT_GE(world.counted.operations, 40 * kPerStep);
  EXPECT_EQ(world.counted.errors + world.counted.retries, 0u);
  EXPECT_EQ(world.yields, 40) << "it gives way after each batch";
}

TEST_F(LoadCallsTest, Step_CellsAwayOrFailing_AreRetries) {
  const status_t garbage = {0x5ca1ab1e};
  uint64_t before = 0;
  for (const status_t status :
       {ERR(UNAVAILABLE), ERR(BUSY), ERR(FAULT), ERR(TIMEOUT), ERR(NO_MEMORY), garbage}) {
    world.everywhere = status;
    Steps(20);
    EXPECT_GE(world.counted.retries - before, 20 * kPerStep) << status.code;
    before = world.counted.retries;
  }
  Stop();
  EXPECT_EQ(world.counted.errors, 0u);
}

TEST_F(LoadCallsTest, Step_CellsAnswerOtherErrors_AreErrors) {
  world.everywhere = ERR(INTERNAL);
  Steps(20);
  Stop();
  EXPECT_GE(world.counted.errors, 20 * kPerStep);
  EXPECT_EQ(world.counted.retries, 0u);
}

TEST_F(LoadCallsTest, Step_WrongAnswers_AreErrors) {
  Steps(4);
  world.wrong_answers = true;
  Steps(24);
  Stop();
  // Nine of the kinds have an answer that the test makes wrong every time.
  EXPECT_GE(world.counted.errors, 24 * kPerStep / kKinds * 9);
}

TEST_F(LoadCallsTest, Step_CommandsOfTheArchive_AreCalledInTurn) {
  fake_core().objects = {fake_object("command_a", "command_a", ""), fake_object("heap", "heap", ""),
                         fake_object("broken", "", ""), fake_object("b", "command_b", "")};
  fake_core().bad_objects = {"broken"};
  Steps(160);
  Stop();
  const std::vector<std::string> &obtained = fake_core().obtained;
  ASSERT_GE(obtained.size(), 6u);
  for (size_t i = 0; i < 3; i++) EXPECT_EQ(obtained[2 * i], "command_a_step");
  for (size_t i = 0; i < 3; i++) EXPECT_EQ(obtained[2 * i + 1], "command_b_step");
  EXPECT_EQ(world.referenced, static_cast<int>(obtained.size()));
  EXPECT_EQ(world.counted.errors, 0u);
}

TEST_F(LoadCallsTest, Step_CommandOfOthersOnly_IsLeftAlone) {
  fake_core().objects = {fake_object("command_a", "command_a", "")};
  fake_core().references["command_a_step"] = ERR(DENIED);
  Steps(80);
  Stop();
  EXPECT_GE(fake_core().obtained.size(), 3u);
  EXPECT_EQ(world.referenced, 0);
  EXPECT_EQ(world.counted.errors + world.counted.retries, 0u);
}

TEST_F(LoadCallsTest, Step_CommandThatTakesNonsense_IsAnError) {
  fake_core().objects = {fake_object("command_a", "command_a", "")};
  world.commands_accept = true;
  Steps(80);
  Stop();
  EXPECT_GE(world.referenced, 3);
  EXPECT_EQ(world.counted.errors, static_cast<uint64_t>(world.referenced));
  EXPECT_EQ(fake_core().references_held, 0);
}

TEST_F(LoadCallsTest, Step_NotAllWorkersThere_WaitsAndCallsNobody) {
  world.begin = ERR(WOULD_BLOCK);
  EXPECT_TRUE(status_is(Step(), STATUS_WOULD_BLOCK));
  EXPECT_EQ(world.now, FakeWorld().now);
  EXPECT_EQ(world.yields, 0);
  world.begin = OK;
  Steps(1);
  Stop();
  EXPECT_GE(world.counted.operations, kPerStep);
  EXPECT_EQ(world.counted.retries, 0u);
}

TEST_F(LoadCallsTest, Step_NotWanted_EndsAndCallsNobody) {
  world.begin = ERR(END);
  EXPECT_TRUE(status_is(Step(), STATUS_END));
  EXPECT_EQ(world.now, FakeWorld().now);
  EXPECT_EQ(world.left, 0);
}

TEST_F(LoadCallsTest, Step_Stopping_LeavesAndCallsNobody) {
  Stop();
  EXPECT_EQ(world.now, FakeWorld().now);
  EXPECT_EQ(world.counted.operations, 0u);
}

TEST_F(LoadCallsTest, Step_LoadGeneratorAway_LosesNothing) {
  Steps(1);
  for (const status_t away : {ERR(UNAVAILABLE), ERR(BUSY)}) {
    world.begin = away;
    EXPECT_EQ(Step().code, away.code) << "nano_core makes the step again";
  }
  EXPECT_EQ(world.counted.operations, 0u);
  world.begin = OK;
  Steps(1);
  Stop();
  EXPECT_GE(world.counted.operations, 2 * kPerStep);
  EXPECT_LT(world.counted.operations, 3 * kPerStep) << "nothing is counted twice";
  EXPECT_EQ(world.counted.retries, 2u);
  EXPECT_EQ(world.counted.errors, 0u);
}

TEST_F(LoadCallsTest, Step_LoadGeneratorAwayWhenItLeaves_IsMadeAgain) {
  Steps(1);
  world.stopping = true;
  world.leave = ERR(UNAVAILABLE);
  EXPECT_TRUE(status_is(Step(), STATUS_UNAVAILABLE));
  const uint64_t counted = world.counted.operations;
  world.leave = OK;
  Stop();
  EXPECT_EQ(world.counted.operations, counted);
}

TEST_F(LoadCallsTest, Step_ForeignProgress_IsInvalidObject) {
  task_.seal.tag = 1;
  EXPECT_TRUE(status_is(Step(), STATUS_INVALID_OBJECT));
}

}  // namespace
