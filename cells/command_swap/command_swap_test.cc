// SPDX-License-Identifier: MIT
#include "cells/command_swap/command_swap.h"

#include "cells/timer/timer.h"
#include "testing/host/command_test.h"

namespace {

status_t timer = OK;

}  // namespace

u64_result_t timer_cycles_to_nanoseconds(uint64_t cycles) { return {timer, 2 * cycles}; }

namespace {

using CommandSwapTest = CommandTest;

TEST_F(CommandSwapTest, Swap_OneCell_PrintsTheLine) {
  fake_core().instances = {fake_instance("keyboard", 3)};
  fake_core().pinned = 2;
  fake_core().polls = 3;
  const CommandAnswer answer = Run(command_swap_step, "swap keyboard");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.waits, 3);
  EXPECT_EQ(answer.output,
            "swap keyboard 3 -> 4 generation 7 pinned 2 pause_ns 60 pause_instructions 0 "
            "total_ns 10000\n");
  EXPECT_EQ(fake_core().requests[0].kind, static_cast<uint64_t>(kRequestSwap));
  EXPECT_EQ(fake_core().requests[0].cells[0],
            (std::pair<std::string, std::string>("keyboard", "")));
  EXPECT_TRUE(fake_core().requests[0].closed);
}

TEST_F(CommandSwapTest, Swap_Icount_CountsInstructions) {
  fake_core().instances = {fake_instance("keyboard")};
  fake_core().options = {"icount"};
  EXPECT_NE(Run(command_swap_step, "swap keyboard").output.find(" pause_instructions 30 "),
            std::string::npos);
}

TEST_F(CommandSwapTest, Swap_NoTimer_TimesAreZero) {
  timer = ERR(UNAVAILABLE);
  EXPECT_NE(Run(command_swap_step, "swap x").output.find(" pause_ns 0 "), std::string::npos);
  timer = OK;
}

TEST_F(CommandSwapTest, Swap_Object_WithOrWithoutSuffix) {
  EXPECT_STATUS(OK, Run(command_swap_step, "swap keymap keymap_dvorak.o").status);
  EXPECT_STATUS(OK, Run(command_swap_step, "swap keymap keymap_dvorak").status);
  for (const FakeRequest &request : fake_core().requests) {
    EXPECT_EQ(request.cells[0], (std::pair<std::string, std::string>("keymap", "keymap_dvorak")));
  }
}

TEST_F(CommandSwapTest, Swap_Pairs_AreOneRequestAndALineEach) {
  fake_core().instances = {fake_instance("a", 1), fake_instance("b", 5)};
  const CommandAnswer answer = Run(command_swap_step, "swap a=a2.o b=b2");
  EXPECT_STATUS(OK, answer.status);
  ASSERT_EQ(fake_core().requests.size(), 1u);
  EXPECT_EQ(fake_core().requests[0].cells[0].second, "a2");
  EXPECT_EQ(fake_core().requests[0].cells[1].second, "b2");
  EXPECT_EQ(answer.output.find("swap a 1 -> 2 "), 0u);
  EXPECT_NE(answer.output.find("\nswap b 5 -> 6 "), std::string::npos);
}

TEST_F(CommandSwapTest, Swap_BadPair_IsNamedAndNothingIsSubmitted) {
  for (const char *line : {"swap a=x b", "swap a=x =y", "swap a=x b="}) {
    const CommandAnswer answer = Run(command_swap_step, line);
    EXPECT_STATUS(INVALID_ARGUMENT, answer.status);
    EXPECT_NE(answer.message.find("is not NAME=OBJECT"), std::string::npos);
    EXPECT_FALSE(fake_core().requests.back().submitted);
    EXPECT_TRUE(fake_core().requests.back().closed);
  }
}

TEST_F(CommandSwapTest, Swap_TooManyPairs_IsNoSpace) {
  std::string line = "swap";
  for (int i = 0; i < 17; i++) line += " a=b";
  EXPECT_STATUS(NO_SPACE, Run(command_swap_step, line).status);
  EXPECT_TRUE(fake_core().requests.back().closed);
}

TEST_F(CommandSwapTest, Swap_SixteenPairs_AreAllReported) {
  std::string line = "swap";
  for (int i = 0; i < 16; i++) line += " cell" + std::to_string(i) + "=x";
  const CommandAnswer answer = Run(command_swap_step, line);
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 16);
}

TEST_F(CommandSwapTest, Swap_Refused_SaysWhy) {
  fake_core().request_results = {ERR(INCOMPATIBLE)};
  fake_core().request_message = "shell imports keymap_translate 1, keymap publishes 2";
  const CommandAnswer answer = Run(command_swap_step, "swap keymap");
  EXPECT_STATUS(INCOMPATIBLE, answer.status);
  EXPECT_EQ(answer.message, "shell imports keymap_translate 1, keymap publishes 2");
  EXPECT_EQ(answer.output, "");
  EXPECT_TRUE(fake_core().requests[0].closed);
}

TEST_F(CommandSwapTest, Swap_All_GoesThroughEveryCellOnce) {
  fake_core().instances = {fake_instance("nano_core"), fake_instance("timer"),
                           fake_instance("heap"), fake_instance("shell")};
  fake_core().instances.push_back(fake_instance("old"));
  fake_core().instances.back().status = kInstanceRetired;
  const CommandAnswer answer = Run(command_swap_step, "swap --all");
  EXPECT_STATUS(OK, answer.status);
  ASSERT_EQ(fake_core().requests.size(), 3u);
  EXPECT_EQ(fake_core().requests[0].cells[0].first, "heap");
  EXPECT_EQ(fake_core().requests[1].cells[0].first, "shell");
  EXPECT_EQ(fake_core().requests[2].cells[0].first, "timer");
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 3);
}

TEST_F(CommandSwapTest, Swap_AllWithAFailure_StopsThere) {
  fake_core().instances = {fake_instance("a"), fake_instance("b"), fake_instance("c")};
  fake_core().request_results = {OK, ERR(BAD_OBJECT)};
  const CommandAnswer answer = Run(command_swap_step, "swap --all");
  EXPECT_STATUS(BAD_OBJECT, answer.status);
  EXPECT_EQ(fake_core().requests.size(), 2u);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 1);
}

TEST_F(CommandSwapTest, Swap_WrongArguments_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_swap_step, "swap").status);
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_swap_step, "swap a b c").status);
  EXPECT_EQ(fake_core().requests.size(), 0u);
}

}  // namespace
