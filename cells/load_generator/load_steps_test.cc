// SPDX-License-Identifier: MIT
// What the workers of keys and alloc do.
#include "cells/load_generator/fake_world.h"

namespace {

using LoadStepsTest = LoadTest;

TEST_F(LoadStepsTest, Keys_AllWell_ComeBackInOrder) {
  Start("keys");
  Work("keys", 10);
  const load_report_t report = Report("keys");
  EXPECT_EQ(report.operations, 240u);
  EXPECT_EQ(report.errors + report.lost + report.retries + report.external, 0u);
  EXPECT_TRUE(world.key_held);
}

TEST_F(LoadStepsTest, Keys_Stop_GivesTheKeyboardBack) {
  Start("keys");
  Work("keys", 3);
  EXPECT_TRUE(status_is(Stop("keys"), STATUS_WOULD_BLOCK));
  EXPECT_TRUE(status_is(Steps("keys", 5), STATUS_END));
  EXPECT_FALSE(world.key_held);
  EXPECT_TRUE(world.queue.empty());
}

TEST_F(LoadStepsTest, Keys_NoneComes_WaitsThenIsLost) {
  Start("keys");
  Work("keys", 1);
  world.drop_keys = 1;
  EXPECT_TRUE(status_is(Steps("keys", 1), STATUS_WOULD_BLOCK));
  EXPECT_TRUE(status_is(Steps("keys", 1), STATUS_WOULD_BLOCK));
  EXPECT_EQ(Report("keys").lost, 0u);
  world.now += 2000000000;
  Work("keys", 2);
  EXPECT_EQ(Report("keys").lost, 1u);
  EXPECT_EQ(Report("keys").errors, 0u);
  EXPECT_GT(Report("keys").operations, 30u) << "it goes on";
}

TEST_F(LoadStepsTest, Keys_StopWhileOneIsUnderWay_WaitsForIt) {
  Start("keys");
  world.drop_keys = 1;
  Work("keys", 1);
  EXPECT_TRUE(status_is(Stop("keys"), STATUS_WOULD_BLOCK));
  EXPECT_TRUE(status_is(Steps("keys", 3), STATUS_WOULD_BLOCK));
  world.queue.push_back({world.sequence++, 0x60, true});
  EXPECT_TRUE(status_is(Steps("keys", 2), STATUS_END));
  EXPECT_EQ(Report("keys").operations, 1u);
}

TEST_F(LoadStepsTest, Keys_AnotherCode_IsAnError) {
  Start("keys");
  world.wrong_keys = 3;
  Work("keys", 2);
  EXPECT_EQ(Report("keys").errors, 3u);
}

TEST_F(LoadStepsTest, Keys_FromOutside_AreCountedApart) {
  Start("keys");
  Work("keys", 1);
  world.queue.push_back({world.sequence++, 0x1e, false});
  world.queue.push_back({world.sequence++, 0x9e, false});
  Work("keys", 1);
  EXPECT_EQ(Report("keys").external, 2u);
  EXPECT_EQ(Report("keys").errors, 0u);
}

TEST_F(LoadStepsTest, Keys_TakenOver_AreTakenBack) {
  Start("keys");
  Work("keys", 1);
  world.takeovers = 1;
  Work("keys", 2);
  EXPECT_EQ(Report("keys").retries, 1u);
  EXPECT_EQ(Report("keys").errors + Report("keys").lost, 0u);
}

TEST_F(LoadStepsTest, Keys_DriverBusy_IsARetry) {
  Start("keys");
  world.everywhere = ERR(BUSY);
  EXPECT_TRUE(status_is_ok(Steps("keys", 5)));
  EXPECT_EQ(Report("keys").retries, 5u);
  world.everywhere = OK;
  Work("keys", 5);
  EXPECT_EQ(Report("keys").errors + Report("keys").lost, 0u);
}

TEST_F(LoadStepsTest, Alloc_AllWell_OnlyOperations) {
  Start("alloc");
  Work("alloc", 100);
  const load_report_t report = Report("alloc");
  EXPECT_EQ(report.operations, 1200u);
  EXPECT_EQ(report.errors + report.lost + report.retries, 0u);
  EXPECT_FALSE(world.frames.empty());
  EXPECT_FALSE(world.blocks.empty());
}

TEST_F(LoadStepsTest, Alloc_Stop_GivesEverythingBack) {
  Start("alloc");
  Work("alloc", 50);
  EXPECT_TRUE(status_is(Stop("alloc"), STATUS_WOULD_BLOCK));
  EXPECT_TRUE(status_is(Steps("alloc", 5), STATUS_END));
  EXPECT_TRUE(world.frames.empty());
  EXPECT_TRUE(world.blocks.empty());
  EXPECT_EQ(world.pools, 0);
  EXPECT_EQ(Report("alloc").errors, 0u);
}

TEST_F(LoadStepsTest, Alloc_StopWhileCellsAreAway_IsTriedAgain) {
  Start("alloc");
  Work("alloc", 50);
  EXPECT_TRUE(status_is(Stop("alloc"), STATUS_WOULD_BLOCK));
  world.everywhere = ERR(UNAVAILABLE);
  EXPECT_TRUE(status_is_ok(Steps("alloc", 3)));
  world.everywhere = OK;
  EXPECT_TRUE(status_is(Steps("alloc", 5), STATUS_END));
  EXPECT_TRUE(world.frames.empty() && world.blocks.empty() && world.pools == 0);
}

TEST_F(LoadStepsTest, Alloc_FrameOfAnotherWorker_IsAnError) {
  world.processors = 2;
  Start("alloc");
  Work("alloc/0", 4);
  Work("alloc", 4);
  EXPECT_EQ(Report("alloc").errors, 0u);
  world.next_frame = 1;  // what the first worker got once more
  Work("alloc", 4);
  EXPECT_GT(Report("alloc").errors, 0u);
}

TEST_F(LoadStepsTest, Alloc_FrameTwice_IsAnError) {
  Start("alloc");
  world.same_frame_twice = true;
  Work("alloc", 3);
  EXPECT_GT(Report("alloc").errors, 0u);
}

TEST_F(LoadStepsTest, Alloc_BlockNotZero_IsAnError) {
  Start("alloc");
  world.wrong_answers = true;
  Work("alloc", 3);
  EXPECT_GT(Report("alloc").errors, 0u);
}

TEST_F(LoadStepsTest, Alloc_SomebodyWritesIntoABlock_IsAnError) {
  Start("alloc");
  Work("alloc", 10);
  EXPECT_EQ(Report("alloc").errors, 0u);
  for (auto &[memory, block] : world.blocks) block[0] ^= 1;
  Work("alloc", 50);
  EXPECT_GT(Report("alloc").errors, 0u);
}

}  // namespace
