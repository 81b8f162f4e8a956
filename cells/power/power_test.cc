// SPDX-License-Identifier: MIT
#include "cells/power/power.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cells/host_channel/host_channel.h"
#include "testing/host/ports.h"

namespace {

using Write = std::pair<uint16_t, uint32_t>;

std::vector<Write> writes;
std::string announced;
status_t host_status = {STATUS_OK};

uint32_t Code(status_t status) { return status.code; }

class Machine : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t, int) override { return 0; }
  void WritePort(uint16_t port, uint32_t value, int bytes) override {
    EXPECT_EQ(bytes, 1);
    EXPECT_FALSE(announced.empty()) << "the host must know first";
    writes.push_back({port, value});
  }
};

}  // namespace

status_t host_channel_announce(uint64_t kind) {
  announced.push_back(static_cast<char>(kind));
  return host_status;
}

namespace {

class PowerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    host_device = &machine_;
    writes.clear();
    announced.clear();
    host_status = OK;
  }

  Machine machine_;
};

TEST_F(PowerTest, Off_Codes_EndTheEmulator) {
  EXPECT_EQ(Code(power_off(0)), STATUS_UNSUPPORTED);  // here nothing ends
  EXPECT_EQ(Code(power_off(100)), STATUS_UNSUPPORTED);
  EXPECT_EQ(writes, (std::vector<Write>{{0xf4, 0x10}, {0xf4, 0x74}}));
  EXPECT_EQ(announced, "PP");
}

TEST_F(PowerTest, Off_CodeOutOfRange_DoesNothing) {
  EXPECT_EQ(Code(power_off(101)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(power_off(UINT64_MAX)), STATUS_OUT_OF_RANGE);
  EXPECT_TRUE(writes.empty());
  EXPECT_TRUE(announced.empty());
}

TEST_F(PowerTest, Reboot_Always_TriesBothWays) {
  EXPECT_EQ(Code(power_reboot()), STATUS_UNSUPPORTED);
  EXPECT_EQ(writes, (std::vector<Write>{{0xcf9, 6}, {0x64, 0xfe}}));
  EXPECT_EQ(announced, "R");
}

TEST_F(PowerTest, Off_HostChannelGone_StillEndsTheEmulator) {
  host_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(power_off(1)), STATUS_UNSUPPORTED);
  EXPECT_EQ(writes, (std::vector<Write>{{0xf4, 0x11}}));
}

}  // namespace
