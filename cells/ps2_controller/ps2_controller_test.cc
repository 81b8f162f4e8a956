// SPDX-License-Identifier: MIT
#include "cells/ps2_controller/ps2_controller.h"

#include <gtest/gtest.h>

#include <deque>
#include <utility>
#include <vector>

#include "nano_core/api/memory.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(ps2_controller_queues, 1024);

namespace {

constexpr uint64_t kKeyboard = kPs2ControllerKeyboard;
constexpr uint64_t kMouse = kPs2ControllerMouse;

uint32_t Code(status_t status) { return status.code; }

// An i8042 with two devices that acknowledge what they are told.
class Controller : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t port, int bytes) override {
    EXPECT_EQ(bytes, 1);
    EXPECT_EQ(host_monitor_depth(), 1u);
    if (absent) return 0xff;
    if (port == 0x64) {
      const uint32_t full = output.empty() ? 0 : output.front().second ? 0x21 : 1;
      return full | (stuck ? 2 : 0);
    }
    if (output.empty()) return 0;
    const uint8_t value = output.front().first;
    output.pop_front();
    return value;
  }
  void WritePort(uint16_t port, uint32_t value, int) override {
    EXPECT_FALSE(stuck);
    const auto byte = static_cast<uint8_t>(value);
    if (port == 0x64) {
      Command(byte);
    } else {
      Data(std::exchange(command, 0), byte);
    }
  }
  void Say(uint8_t byte, bool mouse = false) { output.push_back({byte, mouse}); }

  bool absent = false;
  bool stuck = false;
  bool one_port = false;
  bool silent = false;   // the devices acknowledge nothing
  bool refuses = false;  // the devices want everything again
  uint8_t test_result = 0x55;
  uint8_t configuration = 0x33;
  uint8_t command = 0;
  std::deque<std::pair<uint8_t, bool>> output;
  std::vector<uint8_t> to_mouse;

 private:
  void Command(uint8_t byte) {
    command = byte;
    if (byte == 0x20) Say(configuration);
    if (byte == 0xaa) Say(test_result);
    if (byte == 0xa7) configuration |= 0x20;
    if (byte == 0xa8 && !one_port) configuration &= 0xdf;
    if (byte == 0xad) configuration |= 0x10;
    if (byte == 0xae) configuration &= 0xef;
  }
  void Data(uint8_t for_command, uint8_t byte) {
    if (for_command == 0x60) {
      configuration = byte;
    } else if (for_command == 0xd2 || for_command == 0xd3) {
      Say(byte, for_command == 0xd3);
    } else if (!silent) {
      const bool mouse = for_command == 0xd4;
      if (mouse) to_mouse.push_back(byte);
      Say(refuses ? 0xfe : 0xfa, mouse);
      if (byte == 0xf2) Say(3, mouse);
    }
  }
};

}  // namespace

status_t blob_retain(text_t) { return OK; }

namespace {

class Ps2ControllerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(ps2_controller_queues);
    host_device = &controller_;
    ASSERT_EQ(Code(ps2_controller_initialize()), STATUS_OK);
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  void Open() {
    ASSERT_EQ(Code(ps2_controller_open(kKeyboard)), STATUS_OK);
    ASSERT_EQ(Code(ps2_controller_open(kMouse)), STATUS_OK);
  }
  // Takes everything that is there for a port.
  std::vector<int> Drain(uint64_t port) {
    std::vector<int> bytes;
    for (;;) {
      const u64_result_t next = ps2_controller_next(port, done_[port]);
      if (!status_is_ok(next.status)) return bytes;
      EXPECT_EQ(next.value >> 9, done_[port] + 1);
      done_[port] = next.value >> 9;
      bytes.push_back(static_cast<int>(next.value & 0xff));
    }
  }

  Controller controller_;
  uint64_t done_[2] = {};
};

TEST_F(Ps2ControllerTest, Open_Ports_SetsTheControllerUpOnce) {
  controller_.Say(0x99);  // stale
  ASSERT_EQ(Code(ps2_controller_open(kKeyboard)), STATUS_OK);
  EXPECT_EQ(controller_.configuration, 0x61);
  controller_.Say(0x1e);
  ASSERT_EQ(Code(ps2_controller_open(kMouse)), STATUS_OK);
  EXPECT_EQ(controller_.configuration, 0x43);
  EXPECT_EQ(Drain(kKeyboard), std::vector<int>{0x1e});
  EXPECT_EQ(Code(ps2_controller_open(2)), STATUS_OUT_OF_RANGE);
}

TEST_F(Ps2ControllerTest, Open_NoSecondPort_IsNotFound) {
  controller_.one_port = true;
  controller_.configuration = 0x20;
  ASSERT_EQ(Code(ps2_controller_open(kKeyboard)), STATUS_OK);
  EXPECT_EQ(Code(ps2_controller_open(kMouse)), STATUS_NOT_FOUND);
}

TEST_F(Ps2ControllerTest, Open_BadController_IsIoError) {
  controller_.absent = true;
  EXPECT_EQ(Code(ps2_controller_open(kKeyboard)), STATUS_IO_ERROR);
  controller_.absent = false;
  controller_.stuck = true;
  EXPECT_EQ(Code(ps2_controller_open(kKeyboard)), STATUS_IO_ERROR);
  controller_.stuck = false;
  controller_.test_result = 0xfc;
  EXPECT_EQ(Code(ps2_controller_open(kKeyboard)), STATUS_IO_ERROR);
  controller_.test_result = 0x55;
  EXPECT_EQ(Code(ps2_controller_open(kKeyboard)), STATUS_OK);
}

TEST_F(Ps2ControllerTest, Next_BytesOfBoth_GoWhereTheyBelongWhoeverAsks) {
  Open();
  for (int i = 0; i < 5; i++) {
    controller_.Say(static_cast<uint8_t>(i));
    controller_.Say(static_cast<uint8_t>(0x80 + i), true);
  }
  EXPECT_EQ(Drain(kMouse), (std::vector<int>{0x80, 0x81, 0x82, 0x83, 0x84}));
  EXPECT_TRUE(controller_.output.empty());
  EXPECT_EQ(Drain(kKeyboard), (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST_F(Ps2ControllerTest, Next_NotDealtWith_IsSeenAgain) {
  Open();
  controller_.Say(0x1e);
  controller_.Say(0x9e);
  EXPECT_EQ(ps2_controller_next(kKeyboard, 0).value, 0x31eu);
  EXPECT_EQ(ps2_controller_next(kKeyboard, 0).value, 0x31eu);
  EXPECT_EQ(ps2_controller_next(kKeyboard, 1).value, 0x49eu);
  EXPECT_EQ(ps2_controller_next(kKeyboard, 99).value, 0x49eu);  // nobody was ever told that number
  EXPECT_EQ(Code(ps2_controller_next(kKeyboard, 2).status), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(ps2_controller_next(2, 0).status), STATUS_OUT_OF_RANGE);
}

TEST_F(Ps2ControllerTest, Next_QueueFull_CountsTheLossOfThatPortOnly) {
  Open();
  for (int i = 0; i < 80; i++) {
    controller_.Say(static_cast<uint8_t>(i), true);
    EXPECT_EQ(Code(ps2_controller_next(kKeyboard, 0).status), STATUS_NOT_FOUND);
  }
  controller_.Say(0x1e);
  EXPECT_EQ(Drain(kKeyboard), std::vector<int>{0x1e});
  EXPECT_EQ(Drain(kMouse).size(), 64u);
  ps2_controller_counters_t counters = {};
  ASSERT_EQ(Code(ps2_controller_describe(&counters)), STATUS_OK);
  EXPECT_EQ(counters.mouse_bytes, 80u);
  EXPECT_EQ(counters.mouse_lost, 16u);
  EXPECT_EQ(counters.keyboard_bytes, 1u);
  EXPECT_EQ(counters.keyboard_lost, 0u);
}

TEST_F(Ps2ControllerTest, Send_Acknowledged_KeepsWhatComesInBetween) {
  Open();
  controller_.Say(0x1e);
  controller_.Say(0x08, true);
  EXPECT_EQ(Code(ps2_controller_send(kMouse, 0xf4)), STATUS_OK);
  EXPECT_EQ(controller_.to_mouse, std::vector<uint8_t>{0xf4});
  EXPECT_EQ(ps2_controller_ask(kMouse, 0xf2).value, 3u);
  EXPECT_EQ(Drain(kKeyboard), std::vector<int>{0x1e});
  EXPECT_EQ(Drain(kMouse), std::vector<int>{0x08});
}

TEST_F(Ps2ControllerTest, Send_NobodyOrRefusal_IsIoError) {
  Open();
  controller_.refuses = true;
  EXPECT_EQ(Code(ps2_controller_send(kMouse, 0xf4)), STATUS_IO_ERROR);
  controller_.silent = true;
  EXPECT_EQ(Code(ps2_controller_send(kKeyboard, 0xf4)), STATUS_IO_ERROR);
  EXPECT_EQ(Code(ps2_controller_ask(kMouse, 0xf2).status), STATUS_IO_ERROR);
  EXPECT_EQ(Code(ps2_controller_send(kMouse, 256)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(ps2_controller_ask(2, 1).status), STATUS_OUT_OF_RANGE);
}

TEST_F(Ps2ControllerTest, Inject_Bytes_ComeBackAtTheirPort) {
  Open();
  EXPECT_EQ(Code(ps2_controller_inject(kKeyboard, 0x60)), STATUS_OK);
  EXPECT_EQ(Code(ps2_controller_inject(kMouse, 0x61)), STATUS_BUSY);
  EXPECT_EQ(Drain(kKeyboard), std::vector<int>{0x60});
  EXPECT_EQ(Code(ps2_controller_inject(kMouse, 0x61)), STATUS_OK);
  EXPECT_EQ(Drain(kMouse), std::vector<int>{0x61});
  controller_.absent = true;
  EXPECT_EQ(Code(ps2_controller_inject(kKeyboard, 0x60)), STATUS_IO_ERROR);
  EXPECT_EQ(Code(ps2_controller_inject(kKeyboard, 256)), STATUS_OUT_OF_RANGE);
}

TEST_F(Ps2ControllerTest, Reset_Controller_KeepsBytesAndOpenPorts) {
  Open();
  controller_.Say(0x1e);
  controller_.Say(0x08, true);
  controller_.configuration = 0;
  EXPECT_EQ(Code(ps2_controller_reset()), STATUS_OK);
  EXPECT_EQ(controller_.configuration, 0x43);
  EXPECT_EQ(Drain(kKeyboard), std::vector<int>{0x1e});
  EXPECT_EQ(Drain(kMouse), std::vector<int>{0x08});
  controller_.absent = true;
  EXPECT_EQ(Code(ps2_controller_reset()), STATUS_IO_ERROR);
}

}  // namespace
