// SPDX-License-Identifier: MIT
#include "cells/host_channel/host_channel.h"

#include <gtest/gtest.h>

#include <string>

#include "testing/host/ports.h"

namespace {

uint32_t Code(status_t status) { return status.code; }

class DebugPort : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t port, int) override {
    EXPECT_EQ(port, 0xe9);
    return present ? 0xe9 : 0xff;
  }
  void WritePort(uint16_t port, uint32_t value, int bytes) override {
    EXPECT_EQ(port, 0xe9);
    EXPECT_EQ(bytes, 1);
    sent.push_back(static_cast<char>(value));
  }

  bool present = true;
  std::string sent;
};

class HostChannelTest : public ::testing::Test {
 protected:
  void SetUp() override { host_device = &port_; }

  DebugPort port_;
};

TEST_F(HostChannelTest, EachCall_Present_SendsItsByte) {
  EXPECT_EQ(Code(host_channel_acknowledge_key()), STATUS_OK);
  EXPECT_EQ(Code(host_channel_announce(kHostChannelReset)), STATUS_OK);
  EXPECT_EQ(Code(host_channel_announce(kHostChannelPowerOff)), STATUS_OK);
  EXPECT_EQ(port_.sent, "KRP");
}

TEST_F(HostChannelTest, EachCall_Absent_SendsNothing) {
  port_.present = false;
  EXPECT_EQ(Code(host_channel_acknowledge_key()), STATUS_OK);
  EXPECT_EQ(Code(host_channel_announce(kHostChannelReset)), STATUS_OK);
  EXPECT_EQ(port_.sent, "");
}

TEST_F(HostChannelTest, Announce_UnknownKind_IsInvalidArgument) {
  EXPECT_EQ(Code(host_channel_announce('K')), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(host_channel_announce(0)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(host_channel_announce('R' + 256)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(port_.sent, "");
}

}  // namespace
