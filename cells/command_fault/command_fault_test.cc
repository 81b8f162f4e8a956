// SPDX-License-Identifier: MIT
#include "cells/command_fault/command_fault.h"

#include <set>

#include "nano_core/api/faults.h"
#include "patterns/fault_text.h"
#include "testing/host/command_test.h"

namespace {

struct HostInjection {
  status_t answer = {};
  int calls = 0;
  std::string name;
  uint64_t kind = 0;
  uint64_t n = 0;
};

HostInjection injection;

}  // namespace

status_t fault_inject(text_t name, uint64_t kind, uint64_t n) {
  injection.calls++;
  injection.name = fake_string(name);
  injection.kind = kind;
  injection.n = n;
  return injection.answer;
}

namespace {

class CommandFaultTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    injection = {};
  }
  std::string Refusal(const std::string &line, uint32_t code) {
    const CommandAnswer answer = Run(command_fault_step, line);
    EXPECT_EQ(answer.status.code, code) << line;
    EXPECT_EQ(answer.output, "") << line;
    return answer.message;
  }
};

TEST_F(CommandFaultTest, Fault_WithoutNumber_IsTheNextCall) {
  EXPECT_STATUS(OK, Run(command_fault_step, "fault keymap null").status);
  EXPECT_EQ(injection.name, "keymap");
  EXPECT_EQ(injection.kind, static_cast<uint64_t>(kFaultNull));
  EXPECT_EQ(injection.n, 1u);
}

TEST_F(CommandFaultTest, Fault_WithNumber_IsThatCall) {
  EXPECT_STATUS(OK, Run(command_fault_step, "fault heap no_memory 17").status);
  EXPECT_EQ(injection.kind, static_cast<uint64_t>(kFaultNoMemory));
  EXPECT_EQ(injection.n, 17u);
}

TEST_F(CommandFaultTest, Fault_BadArguments_AreNotTried) {
  EXPECT_EQ(Refusal("fault keymap nil", STATUS_INVALID_ARGUMENT),
            "no kind nil; `fault kinds` lists them");
  EXPECT_EQ(Refusal("fault keymap null 0", STATUS_INVALID_ARGUMENT),
            "N counts calls from 1; 0 is none of them");
  EXPECT_EQ(Refusal("fault keymap null x", STATUS_INVALID_ARGUMENT), "x is not a number");
  for (const char *line : {"fault", "fault keymap", "fault a b c d", "fault x ? ? ? ? ?"}) {
    EXPECT_NE(Refusal(line, STATUS_INVALID_ARGUMENT).find("usage: fault NAME KIND [N]"),
              std::string::npos);
  }
  EXPECT_EQ(injection.calls, 0);
}

TEST_F(CommandFaultTest, Fault_Refused_SaysWhatToDo) {
  injection.answer = ERR(NOT_FOUND);
  EXPECT_EQ(Refusal("fault nobody null", STATUS_NOT_FOUND),
            "nobody serves nobody; `cells` lists who serves what");
  injection.answer = ERR(DENIED);
  EXPECT_EQ(Refusal("fault nano_core null", STATUS_DENIED),
            "a fault of nano_core would end the machine; name a cell");
  injection.answer = ERR(UNAVAILABLE);
  EXPECT_EQ(Refusal("fault pci null", STATUS_UNAVAILABLE), "pci is not served now; `load` it");
  injection.answer = ERR(NO_MEMORY);
  EXPECT_NE(Refusal("fault pci null", STATUS_NO_MEMORY).find("too much is pending"),
            std::string::npos);
  injection.answer = ERR(BAD_OBJECT);
  EXPECT_EQ(Refusal("fault pci null", STATUS_BAD_OBJECT), "");
}

TEST_F(CommandFaultTest, Kinds_AreListedOnce_AndTaken) {
  const CommandAnswer answer = Run(command_fault_step, "fault kinds");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output.find("KIND                ANSWER    MEANING\n"
                               "null                FAULT     reads at address 0\n"),
            0u);
  EXPECT_NE(answer.output.find("\nloop                TIMEOUT   loops for ever\n"),
            std::string::npos);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 1 + kFaultKindTexts);
  std::set<uint64_t> kinds;
  for (size_t i = 0; i < kFaultKindTexts; i++) {
    const fault_kind_text_t text = fault_kind_text(i);
    const std::string line = "fault keymap " + fake_string(text.name);
    EXPECT_STATUS(OK, Run(command_fault_step, line).status);
    EXPECT_EQ(injection.kind, text.kind);
    kinds.insert(text.kind);
  }
  EXPECT_EQ(kinds.size(), static_cast<size_t>(kFaultKindTexts));
}

}  // namespace
