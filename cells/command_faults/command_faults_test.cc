// SPDX-License-Identifier: MIT
#include "cells/command_faults/command_faults.h"

#include <vector>

#include "cells/timer/timer.h"
#include "nano_core/api/faults.h"
#include "testing/host/command_test.h"

namespace {

std::vector<fault_info_t> faults;  // those that are kept
status_t timer_status;

fault_info_t Fault(uint64_t index, const std::string &cell, const std::string &function) {
  fault_info_t info = {};
  info.index = index;
  info.time = 1000 + index;
  info.address = 0xffffffffa0001234;
  info.offset = 0x234;
  info.cause = kFaultCauseNull;
  info.accessed = 8;
  info.vector = 14;
  info.step = kFaultStepError;
  info.status = ERR(FAULT);
  info.depth = 1;
  info.object = fake_name(cell);
  info.calls[0] = {fake_name(cell), fake_name(function)};
  return info;
}

}  // namespace

status_t fault_describe(uint64_t index, fault_info_t *info) {
  for (const fault_info_t &fault : faults) {
    if (fault.index < index) continue;
    *info = fault;
    return OK;
  }
  return ERR(END);
}

u64_result_t timer_cycles_to_nanoseconds(uint64_t cycles) { return {timer_status, cycles * 2}; }

namespace {

class CommandFaultsTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    faults.clear();
    timer_status = OK;
  }
};

constexpr char kHeader[] =
    "NUMBER TIME_NS       CELL                 FUNCTION                     "
    "PLACE                        ANSWER     STEP  CAUSE\n";

TEST_F(CommandFaultsTest, Faults_None_IsAHeader) {
  const CommandAnswer answer = Run(command_faults_step, "faults");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, kHeader);
}

TEST_F(CommandFaultsTest, Faults_AreRows_TheNewestLast) {
  faults = {Fault(7, "keymap", "keymap_translate"), Fault(8, "heap", "heap_free")};
  faults[1].offset = kFaultNoOffset;
  faults[1].cause = kFaultCauseExecuteNull;
  faults[1].address = faults[1].accessed = 0;
  faults[1].injected = kFaultExecuteNull;
  const CommandAnswer answer = Run(command_faults_step, "faults");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            std::string(kHeader) +
                "7      2014          keymap               keymap_translate             "
                "keymap+0x234                 FAULT      error null pointer at 0x8\n"
                "8      2016          heap                 heap_free                    "
                "0x0                          FAULT      error jump to null at 0x0; "
                "ordered: execute_null\n");
}

TEST_F(CommandFaultsTest, Faults_WithoutTimer_AreShown) {
  faults = {Fault(0, "timer", "timer_now")};
  timer_status = ERR(FAULT);
  const std::string output = Run(command_faults_step, "faults").output;
  EXPECT_NE(output.find("\n0      -             timer                timer_now "),
            std::string::npos);
}

TEST_F(CommandFaultsTest, Faults_AnswerAndMonitor_HaveNoPlace) {
  faults = {Fault(0, "heap", "heap_free"), Fault(1, "log", "")};
  faults[0].offset = faults[1].offset = kFaultNoOffset;
  faults[0].cause = kFaultCauseAnswer;
  faults[0].injected = kFaultNoMemory;
  faults[0].status = ERR(NO_MEMORY);
  faults[1].cause = kFaultCauseMonitorHeld;
  const std::string output = Run(command_faults_step, "faults").output;
  EXPECT_NE(
      output.find("heap_free                    -                            NO_MEMORY  error "
                  "made to answer so; ordered: no_memory\n"),
      std::string::npos);
  EXPECT_NE(output.find("log                  -                            -                      "
                        "      FAULT      error monitor held at return\n"),
            std::string::npos);
}

TEST_F(CommandFaultsTest, Faults_ThatKeepComing_EndItAllTheSame) {
  for (uint64_t i = 0; i < 200; i++) faults.push_back(Fault(i, "log", "log_write"));
  const CommandAnswer answer = Run(command_faults_step, "faults");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 1 + kFaultRecords);
}

TEST_F(CommandFaultsTest, Fault_InFull_HasItsCalls) {
  faults = {Fault(3, "keymap", "keymap_translate")};
  faults[0].depth = 4;
  faults[0].calls[1] = {fake_name("console_multiplexer"), fake_name("console_multiplexer_read")};
  faults[0].calls[3] = {fake_name("shell"), fake_name("shell_step")};
  const CommandAnswer answer = Run(command_faults_step, "faults 3");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "WHAT      VALUE\n"
            "number    3\n"
            "time_ns   2006\n"
            "cell      keymap\n"
            "object    keymap\n"
            "function  keymap_translate\n"
            "place     keymap+0x234\n"
            "cause     null pointer at 0x8\n"
            "answer    FAULT\n"
            "step      error to the caller\n"
            "called_by console_multiplexer console_multiplexer_read\n"
            "called_by resolver -\n"
            "called_by shell shell_step\n"
            "called_by nano_core\n");
}

TEST_F(CommandFaultsTest, Fault_Deep_SaysHowManyMore) {
  faults = {Fault(0, "deep", "deep_call")};
  faults[0].depth = 102;
  const std::string output = Run(command_faults_step, "faults 0").output;
  EXPECT_NE(output.find("called_by 94 more\n"), std::string::npos);
  EXPECT_EQ(output.find("called_by nano_core\n"), std::string::npos);
}

TEST_F(CommandFaultsTest, Fault_NotKept_IsNotFound) {
  faults = {Fault(70, "log", "log_write")};
  for (const char *line : {"faults 3", "faults 71"}) {
    const CommandAnswer answer = Run(command_faults_step, line);
    EXPECT_STATUS(NOT_FOUND, answer.status);
    EXPECT_NE(answer.message.find("is on record; `faults` lists them"), std::string::npos);
  }
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_faults_step, "faults x").status);
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_faults_step, "faults 1 2").status);
}

}  // namespace
