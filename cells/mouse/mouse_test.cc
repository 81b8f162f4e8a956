// SPDX-License-Identifier: MIT
#include "cells/mouse/mouse.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "cells/ps2_controller/ps2_controller.h"
#include "testing/host/events.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(mouse_queue, 1024);

namespace {

// What the controller answers.
std::deque<uint8_t> waiting;
std::vector<uint64_t> sent;
uint64_t first;  // number of the byte at the front
uint32_t kind;
status_t open_status;
status_t send_status;
int registrations;

uint32_t Code(status_t status) { return status.code; }

}  // namespace

reference_result_t reference_obtain(text_t function) {
  EXPECT_TRUE(text_equal(function, TEXT("mouse_interrupt")));
  return {OK, {9, 1}};
}
status_t interrupt_dispatch_register(uint64_t line, reference_t, text_t) {
  EXPECT_EQ(line, 12u);
  registrations++;
  return OK;
}
status_t ps2_controller_open(uint64_t port) {
  EXPECT_EQ(port, static_cast<uint64_t>(kPs2ControllerMouse));
  return open_status;
}
status_t ps2_controller_send(uint64_t, uint64_t byte) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  sent.push_back(byte);
  return send_status;
}
u32_result_t ps2_controller_ask(uint64_t, uint64_t byte) {
  sent.push_back(byte);
  return {send_status, kind};
}
u64_result_t ps2_controller_next(uint64_t port, uint64_t done) {
  EXPECT_EQ(port, static_cast<uint64_t>(kPs2ControllerMouse));
  EXPECT_EQ(host_monitor_depth(), 0u);
  for (; first <= done && !waiting.empty(); first++) waiting.pop_front();
  if (waiting.empty()) return {ERR(NOT_FOUND), 0};
  return {OK, first << 9 | (waiting.size() > 1 ? 0x100u : 0u) | waiting.front()};
}

namespace {

class MouseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(mouse_queue);
    waiting.clear();
    sent.clear();
    first = 1;
    kind = 0;
    open_status = send_status = OK;
    registrations = 0;
    host_events = {};
    ASSERT_EQ(Code(mouse_initialize()), STATUS_OK);
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  void Start(uint32_t of_kind = 0) {
    kind = of_kind;
    mouse_event_t event = {};
    ASSERT_EQ(Code(mouse_read(&event)), STATUS_WOULD_BLOCK);
  }
  void Say(std::vector<uint8_t> more) { waiting.insert(waiting.end(), more.begin(), more.end()); }
  std::vector<int> Read() {
    mouse_event_t event = {};
    const status_t status = mouse_read(&event);
    if (!status_is_ok(status)) return {-static_cast<int>(status.code)};
    return {event.right, event.down, event.wheel, event.buttons};
  }
  mouse_counters_t Counters() {
    mouse_counters_t counters = {};
    EXPECT_EQ(Code(mouse_describe(&counters)), STATUS_OK);
    return counters;
  }
  const std::vector<int> nothing_ = {-STATUS_WOULD_BLOCK};
};

TEST_F(MouseTest, Initialize_Always_TouchesNothing) {
  EXPECT_TRUE(sent.empty());
  EXPECT_EQ(Counters().ready, 0u);
}

TEST_F(MouseTest, Read_FirstTime_SwitchesTheMouseOn) {
  Start();
  EXPECT_EQ(sent, (std::vector<uint64_t>{0xf5, 0xf6, 0xf3, 200, 0xf3, 100, 0xf3, 80, 0xf2, 0xf4}));
  EXPECT_EQ(registrations, 1);
  EXPECT_EQ(host_events.watches, 1);
  EXPECT_EQ(Counters().ready, 1u);
  Start();
  EXPECT_EQ(registrations, 1);
}

TEST_F(MouseTest, Read_NoMouse_IsATypedErrorEachTime) {
  open_status = ERR(NOT_FOUND);
  EXPECT_EQ(Read(), std::vector<int>{-STATUS_NOT_FOUND});
  open_status = OK;
  send_status = ERR(IO_ERROR);
  EXPECT_EQ(Read(), std::vector<int>{-STATUS_IO_ERROR});
  send_status = OK;
  EXPECT_EQ(Read(), nothing_);
}

TEST_F(MouseTest, Interrupt_Packets_AreEvents) {
  Start();
  Say({0x08, 5, 3, 0x19, 0xfb, 0, 0x2e, 0, 0xfd, 0x38, 0, 0});
  EXPECT_EQ(Code(mouse_interrupt()), STATUS_OK);
  EXPECT_EQ(host_events.signals, 1);
  EXPECT_EQ(Read(), (std::vector<int>{5, -3, 0, 0}));
  EXPECT_EQ(Read(), (std::vector<int>{-5, 0, 0, kMouseLeft}));
  EXPECT_EQ(Read(), (std::vector<int>{0, 3, 0, kMouseRight | kMouseMiddle}));
  EXPECT_EQ(Read(), (std::vector<int>{-256, 256, 0, 0}));
  EXPECT_EQ(Read(), nothing_);
  EXPECT_EQ(Counters().events, 4u);
}

TEST_F(MouseTest, Interrupt_Wheel_IsTheFourthByte) {
  Start(3);
  Say({0x08, 1, 0, 0xff, 0x08, 2, 0, 1});
  EXPECT_EQ(Read(), (std::vector<int>{1, 0, -1, 0}));
  EXPECT_EQ(Read(), (std::vector<int>{2, 0, 1, 0}));
}

TEST_F(MouseTest, Interrupt_PacketInParts_IsOneEvent) {
  Start();
  for (const uint8_t byte : {0x08, 7, 0}) {
    EXPECT_EQ(Counters().events, 0u);
    Say({byte});
    EXPECT_EQ(Code(mouse_interrupt()), STATUS_OK);
  }
  EXPECT_EQ(Read(), (std::vector<int>{7, 0, 0, 0}));
}

TEST_F(MouseTest, Interrupt_BytesLost_FindsTheWayBack) {
  Start();
  Say({1, 2, 0x08, 7, 0});  // the first byte of the first packet is gone
  EXPECT_EQ(Read(), (std::vector<int>{7, 0, 0, 0}));
  EXPECT_EQ(Counters().skipped, 2u);
  Say({0x88, 1, 1, 0x08, 9, 0});  // came too far
  EXPECT_EQ(Read(), (std::vector<int>{9, 0, 0, 0}));
  EXPECT_EQ(Counters().skipped, 5u);
}

TEST_F(MouseTest, Interrupt_AnyBytes_NeverTrap) {
  Start(3);
  uint32_t random = 1;
  for (int i = 0; i < 10000; i++) {
    random = random * 1103515245 + 12345;
    Say({static_cast<uint8_t>(random >> 16)});
    EXPECT_EQ(Code(mouse_interrupt()), STATUS_OK);
  }
  EXPECT_EQ(Counters().bytes, 10000u);
  EXPECT_EQ(Counters().waiting, 64u);
  EXPECT_GT(Counters().lost, 0u);
}

TEST_F(MouseTest, Interrupt_BeforeInitialize_IsUnavailable) {
  HOST_STATE_CLEAR(mouse_queue);
  EXPECT_EQ(Code(mouse_interrupt()), STATUS_UNAVAILABLE);
}

TEST_F(MouseTest, Reset_Mouse_KeepsEventsAndDropsThePart) {
  EXPECT_EQ(Code(mouse_reset()), STATUS_OK);
  EXPECT_TRUE(sent.empty());
  Start();
  Say({0x08, 7, 0, 0x08, 1});
  EXPECT_EQ(Code(mouse_interrupt()), STATUS_OK);
  sent.clear();
  EXPECT_EQ(Code(mouse_reset()), STATUS_OK);
  EXPECT_EQ(sent.size(), 10u);
  Say({0x08, 8, 0});
  EXPECT_EQ(Read(), (std::vector<int>{7, 0, 0, 0}));
  EXPECT_EQ(Read(), (std::vector<int>{8, 0, 0, 0}));
  EXPECT_EQ(Counters().skipped, 2u);
}

}  // namespace
