// SPDX-License-Identifier: MIT
#include "cells/command_log/command_log.h"

#include "cells/log/log.h"
#include "testing/host/command_test.h"

namespace {

struct Line {
  uint64_t number;
  std::string source, message;
};

std::vector<Line> lines;

}  // namespace

status_t log_read(uint64_t number, log_line_t *line) {
  for (const Line &kept : lines) {
    if (kept.number < number) continue;
    *line = {};
    line->number = kept.number;
    kept.source.copy(line->source, kLogSourceBytes - 1);
    kept.message.copy(line->message, kLogMessageBytes - 1);
    return OK;
  }
  return ERR(END);
}

namespace {

using CommandLogTest = CommandTest;

TEST_F(CommandLogTest, Log_All_ArePrinted) {
  lines = {{3, "timer", "calibrated"}, {4, "keyboard", "found"}};
  const CommandAnswer answer = Run(command_log_step, "log");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, "[timer] calibrated\n[keyboard] found\n");
}

TEST_F(CommandLogTest, Log_Name_PrintsItsLinesOnly) {
  lines = {{3, "timer", "calibrated"}, {4, "keyboard", "found"}};
  EXPECT_EQ(Run(command_log_step, "log keyboard").output, "[keyboard] found\n");
  EXPECT_EQ(Run(command_log_step, "log nobody").output, "");
}

TEST_F(CommandLogTest, Log_Many_AreAllPrinted) {
  lines.clear();
  for (uint64_t i = 0; i < 128; i++) lines.push_back({i, "source", std::string(159, 'm')});
  const CommandAnswer answer = Run(command_log_step, "log");
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 128);
}

TEST_F(CommandLogTest, Log_TooManyWords_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_log_step, "log a b").status);
}

}  // namespace
