// SPDX-License-Identifier: MIT
#include "cells/pit/pit.h"

#include <gtest/gtest.h>

#include "nano_core/api/memory.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(pit_channels, 256);

namespace {

uint32_t Code(status_t status) { return status.code; }

class Pit : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t port, int bytes) override {
    EXPECT_EQ(bytes, 1);
    EXPECT_EQ(host_monitor_depth(), 1u);
    if (port == 0x61) return speaker;
    EXPECT_EQ(port, 0x42);
    const uint32_t value = high ? latched >> 8 : latched & 0xff;
    high = !high;
    return value;
  }
  void WritePort(uint16_t port, uint32_t value, int bytes) override {
    EXPECT_EQ(bytes, 1);
    writes++;
    if (port == 0x61) speaker = value;
    if (port == 0x43 && value == 0x80) {
      latched = count;
      high = false;
    }
    if (port == 0x43 && value == 0x34) mode_set = true;
    if (port == 0x40) divisor = divisor >> 8 | value << 8;
  }

  uint32_t count = 0;
  uint32_t latched = 0;
  bool high = false;
  uint32_t speaker = 2;
  bool mode_set = false;
  uint32_t divisor = 0;
  int writes = 0;
};

}  // namespace

status_t blob_retain(text_t) { return OK; }

namespace {

class PitTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(pit_channels);
    host_device = &pit_;
    ASSERT_EQ(Code(pit_initialize()), STATUS_OK);
  }

  Pit pit_;
  tick_source_t source_ = {};
};

TEST_F(PitTest, Start_First_ProgramsATickOfAMillisecond) {
  EXPECT_EQ(Code(pit_start(&source_)), STATUS_OK);
  EXPECT_TRUE(pit_.mode_set);
  EXPECT_EQ(pit_.divisor, 1193u);
  EXPECT_EQ(pit_.speaker, 1u);
  EXPECT_EQ(source_.line, 0u);
  EXPECT_EQ(source_.hertz, 1193182u);
  EXPECT_EQ(source_.mask, 0xffffu);
  EXPECT_EQ(source_.counts_per_tick, 1193u);
}

TEST_F(PitTest, Start_Again_TouchesNothing) {
  EXPECT_EQ(Code(pit_start(&source_)), STATUS_OK);
  pit_.writes = 0;
  tick_source_t again = {};
  EXPECT_EQ(Code(pit_start(&again)), STATUS_OK);
  EXPECT_EQ(pit_.writes, 0);
  EXPECT_EQ(again.hertz, source_.hertz);
}

TEST_F(PitTest, Counter_Always_CountsUpAndWraps) {
  EXPECT_EQ(Code(pit_start(&source_)), STATUS_OK);
  pit_.count = 0;  // as loaded: 65536
  EXPECT_EQ(pit_counter().value, 0u);
  pit_.count = 0xffff;
  EXPECT_EQ(pit_counter().value, 1u);
  pit_.count = 1;
  EXPECT_EQ(pit_counter().value, 0xffffu);
}

TEST_F(PitTest, Counter_NotStarted_IsNotFound) {
  EXPECT_EQ(Code(pit_counter().status), STATUS_NOT_FOUND);
  EXPECT_EQ(pit_.writes, 0);
}

}  // namespace
