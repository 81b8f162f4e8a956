// SPDX-License-Identifier: MIT
#include "cells/command_call/command_call.h"

#include "testing/host/command_test.h"

namespace {

struct HostCall {
  status_t made = {};
  call_outcome_t outcome = {};
  int calls = 0;
  std::string name, function;
  call_arguments_t arguments = {};
};

HostCall host_call;

// What the next call answers.
void Answer(status_t status, uint64_t value) {
  host_call = {};
  host_call.outcome.status = status;
  host_call.outcome.value = value;
}

}  // namespace

status_t instance_call(text_t name, text_t function, const call_arguments_t *arguments,
                       call_outcome_t *outcome) {
  host_call.calls++;
  host_call.name = fake_string(name);
  host_call.function = fake_string(function);
  host_call.arguments = *arguments;
  *outcome = host_call.outcome;
  return host_call.made;
}

namespace {

using CommandCallTest = CommandTest;

TEST_F(CommandCallTest, Call_Function_PrintsStatusAndValue) {
  Answer(OK, 5);
  const CommandAnswer answer = Run(command_call_step, "call hello hello_add 2 -1");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, "call hello hello_add status OK value 5\n");
  EXPECT_EQ(host_call.name + " " + host_call.function, "hello hello_add");
  EXPECT_EQ(host_call.arguments.count, 2u);
  EXPECT_EQ(host_call.arguments.values[0], 2u);
  EXPECT_EQ(host_call.arguments.values[1], UINT64_MAX);
}

TEST_F(CommandCallTest, Call_FunctionFails_IsAnErrorOfThatName) {
  const std::pair<status_t, std::string> answers[] = {
      {ERR(DENIED), "DENIED"}, {ERR(END), "END"}, {ERR(WOULD_BLOCK), "WOULD_BLOCK"}};
  for (const auto &[status, name] : answers) {
    Answer(status, 0);
    const CommandAnswer answer = Run(command_call_step, "call a a_b");
    EXPECT_EQ(answer.status.code, status.code);
    EXPECT_EQ(answer.steps, 1);
    EXPECT_EQ(answer.output, "call a a_b status " + name + " value 0\n");
    EXPECT_EQ(answer.message.substr(0, 14), "a_b answered: ");
  }
}

TEST_F(CommandCallTest, Call_NotMade_SaysWhy) {
  Answer(OK, 0);
  host_call.made = ERR(NOT_FOUND);
  snprintf(host_call.outcome.message, kMessageBytes, "hello publishes no x");
  const CommandAnswer answer = Run(command_call_step, "call hello x");
  EXPECT_STATUS(NOT_FOUND, answer.status);
  EXPECT_EQ(answer.message, "hello publishes no x");
  EXPECT_EQ(answer.output, "");
}

TEST_F(CommandCallTest, Call_BadNumber_IsNamed) {
  host_call = {};
  const CommandAnswer answer = Run(command_call_step, "call a a_b 1 two");
  EXPECT_STATUS(INVALID_ARGUMENT, answer.status);
  EXPECT_EQ(answer.message, "two is not a number");
  EXPECT_EQ(host_call.calls, 0);
}

TEST_F(CommandCallTest, Call_WrongNumberOfWords_IsUsage) {
  host_call = {};
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_call_step, "call a").status);
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_call_step, "call a b 1 2 3 4 5 6 7").status);
  EXPECT_STATUS(OK, Run(command_call_step, "call a b 1 2 3 4 5 6").status);
}

}  // namespace
