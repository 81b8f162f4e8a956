// SPDX-License-Identifier: MIT
/// @file
/// Runs a command cell on the host as the shell would, with testing/host/fake_core.h behind it.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "patterns/command.h"
#include "testing/host/fake_core.h"
#include "testing/host/state.h"

/// The answer of a whole command.
struct CommandAnswer {
  status_t status = {};  // OK: `= ok` was printed
  std::string output;
  std::string message;
  int steps = 0;
  int waits = 0;       // steps that answered WOULD_BLOCK
  uint32_t after = 0;  // the stage at which the shell goes on once the answer is printed
};

class CommandTest : public ::testing::Test {
 protected:
  using Step = status_t (*)(command_t *);

  void SetUp() override { fake_core() = {}; }

  /// Begins a command: what the shell does with a line.
  void Begin(const std::string &line) {
    command_ = {};
    memcpy(command_.line, line.data(), line.size());
    command_.line_length = static_cast<uint32_t>(line.size());
  }

  /// Makes steps until the command has an answer. Rows must be whole at every step.
  CommandAnswer Finish(Step step) {
    CommandAnswer answer;
    for (;;) {
      const status_t status = step(&command_);
      EXPECT_EQ(host_monitor_depth(), 0u);
      answer.steps++;
      answer.output.append(command_.output, command_.output_length);
      EXPECT_TRUE(command_.output_length == 0 ||
                  command_.output[command_.output_length - 1] == '\n');
      command_.output_length = 0;
      if (status_is(status, STATUS_WOULD_BLOCK)) answer.waits++;
      if (status_is_ok(status) || status_is(status, STATUS_WOULD_BLOCK)) {
        if (answer.steps == 10000) ADD_FAILURE() << "the command does not end";
        if (answer.steps == 10000) return answer;
        continue;
      }
      answer.status = status_is(status, STATUS_END) ? command_.result : status;
      answer.message = command_.message;
      answer.after = command_.after;
      return answer;
    }
  }

  CommandAnswer Run(Step step, const std::string &line) {
    Begin(line);
    return Finish(step);
  }

  command_t command_ = {};
};

#define EXPECT_STATUS(name, status_value) \
  EXPECT_EQ(static_cast<uint32_t>(STATUS_##name), (status_value).code)
