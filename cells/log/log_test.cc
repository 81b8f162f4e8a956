// SPDX-License-Identifier: MIT
#include "cells/log/log.h"

#include <gtest/gtest.h>

#include <string>

#include "testing/host/fake_core.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(log_ring, 64 + kLogLines * sizeof(log_line_t));

namespace {

class LogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(log_ring);
    fake_core() = {};
    ASSERT_TRUE(status_is_ok(log_initialize()));
  }

  static void Write(const std::string &source, const std::string &message) {
    const status_t status =
        log_write({source.data(), source.size()}, {message.data(), message.size()});
    EXPECT_TRUE(status_is_ok(status));
    EXPECT_EQ(host_monitor_depth(), 0u);
  }

  static log_line_t Read(uint64_t number) {
    log_line_t line = {};
    EXPECT_TRUE(status_is_ok(log_read(number, &line)));
    EXPECT_EQ(host_monitor_depth(), 0u);
    return line;
  }
};

TEST_F(LogTest, Initialize_Monitor_HoldsOffInterrupts) {
  EXPECT_EQ(reinterpret_cast<const monitor_t *>(state_log_ring)->interrupts, 1u);
}

TEST_F(LogTest, Read_Written_IsTheLine) {
  Write("timer", "calibrated");
  const log_line_t line = Read(0);
  EXPECT_EQ(line.number, 0u);
  EXPECT_STREQ(line.source, "timer");
  EXPECT_STREQ(line.message, "calibrated");
  EXPECT_EQ(fake_core().signals, 1);
}

TEST_F(LogTest, Read_PastTheLast_IsEndAndWatched) {
  Write("a", "b");
  log_line_t line = {};
  line.number = 77;
  EXPECT_TRUE(status_is(log_read(1, &line), STATUS_END));
  EXPECT_EQ(line.number, 77u) << "untouched on error";
  EXPECT_EQ(fake_core().watches, 1);
}

TEST_F(LogTest, Read_FallenOut_IsTheOldestKept) {
  for (int i = 0; i < kLogLines + 5; i++) Write("n", std::to_string(i));
  const log_line_t line = Read(2);
  EXPECT_EQ(line.number, 5u);
  EXPECT_STREQ(line.message, "5");
  EXPECT_STREQ(Read(kLogLines + 4).message, std::to_string(kLogLines + 4).c_str());
}

TEST_F(LogTest, Write_ControlCharacters_StayOneLine) {
  Write("a\nb", "one\ntwo\x1b[A\n");
  EXPECT_STREQ(Read(0).source, "a.b");
  EXPECT_STREQ(Read(0).message, "one.two.[A");
}

TEST_F(LogTest, Write_LongTexts_AreCut) {
  Write(std::string(100, 's'), std::string(500, 'm'));
  EXPECT_EQ(std::string(Read(0).source), std::string(kLogSourceBytes - 1, 's'));
  EXPECT_EQ(std::string(Read(0).message), std::string(kLogMessageBytes - 1, 'm'));
}

TEST_F(LogTest, Write_EmptySource_IsInvalidArgument) {
  EXPECT_TRUE(status_is(log_write(TEXT(""), TEXT("x")), STATUS_INVALID_ARGUMENT));
  log_line_t line;
  EXPECT_TRUE(status_is(log_read(0, &line), STATUS_END));
}

}  // namespace
