// SPDX-License-Identifier: MIT
#include "cells/command_iface/command_iface.h"

#include "testing/host/command_test.h"

namespace {

using CommandIfaceTest = CommandTest;

export_info_t Function(const std::string &name) {
  export_info_t info = {};
  info.function = fake_name(name);
  info.shape = fake_name("i:8@8");
  info.fingerprint = 0xabc;
  return info;
}

TEST_F(CommandIfaceTest, Iface_Name_ListsItsFunctions) {
  fake_core().exports["timer"] = {Function("timer_now")};
  const CommandAnswer answer = Run(command_iface_step, "iface timer");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "NAME                 FUNCTION                             FINGERPRINT      SHAPE\n"
            "timer                timer_now                            0000000000000abc i:8@8\n");
}

TEST_F(CommandIfaceTest, Iface_NoName_ListsAllServedCells) {
  fake_core().instances = {fake_instance("a"), fake_instance("b"), fake_instance("c")};
  fake_core().instances[1].status = kInstanceRetired;
  for (int i = 0; i < 30; i++) {
    fake_core().exports["a"].push_back(Function("a_" + std::to_string(i)));
    fake_core().exports["b"].push_back(Function("b_" + std::to_string(i)));
    fake_core().exports["c"].push_back(Function("c_" + std::to_string(i)));
  }
  const CommandAnswer answer = Run(command_iface_step, "iface");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 61);
  EXPECT_EQ(answer.output.find("b_0"), std::string::npos);
}

TEST_F(CommandIfaceTest, Iface_WithdrawnMeanwhile_IsSkipped) {
  fake_core().instances = {fake_instance("gone"), fake_instance("here")};
  fake_core().exports["here"] = {Function("here_now")};
  const CommandAnswer answer = Run(command_iface_step, "iface");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_NE(answer.output.find("here_now"), std::string::npos);
}

TEST_F(CommandIfaceTest, Iface_Unknown_IsNotFound) {
  const CommandAnswer answer = Run(command_iface_step, "iface x");
  EXPECT_STATUS(NOT_FOUND, answer.status);
  EXPECT_EQ(answer.output, "");
}

TEST_F(CommandIfaceTest, Iface_TwoNames_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_iface_step, "iface a b").status);
}

}  // namespace
