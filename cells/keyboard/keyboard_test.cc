// SPDX-License-Identifier: MIT
#include "cells/keyboard/keyboard.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "cells/host_channel/host_channel.h"
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "nano_core/api/memory.h"
#include "testing/host/events.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(keyboard_queue, 8192);
// The controller is the real cell, in front of a device that the test plays.
HOST_STATE_BYTES(ps2_controller_queues, 1024);

namespace {

int registrations;
int acknowledged;
status_t host_status = {STATUS_OK};

uint32_t Code(status_t status) { return status.code; }

// An i8042 with a keyboard. What it wants to say stands in `output`.
class Controller : public HostDevice {
 public:
  struct Byte {
    uint8_t value;
    bool mouse;
  };

  uint32_t ReadPort(uint16_t port, int bytes) override {
    EXPECT_EQ(bytes, 1);
    if (absent) return 0xff;
    if (port == 0x64) {
      const uint32_t full = output.empty() ? 0 : 1;
      const uint32_t mouse = !output.empty() && output.front().mouse ? 0x20 : 0;
      return full | mouse | (stuck ? 2 : 0);
    }
    EXPECT_EQ(port, 0x60);
    if (output.empty()) return 0;
    const uint8_t value = output.front().value;
    output.pop_front();
    return value;
  }
  void WritePort(uint16_t port, uint32_t value, int bytes) override {
    EXPECT_EQ(bytes, 1);
    EXPECT_FALSE(stuck);
    const auto byte = static_cast<uint8_t>(value);
    if (port == 0x64) {
      command = byte;
      if (byte == 0x20) Say(configuration);
      return;
    }
    EXPECT_EQ(port, 0x60);
    if (command == 0x60) {
      configuration = byte;
    } else if (command == 0xd2) {
      if (!loses_injections) Say(byte);
    } else if (byte == 0xf4) {
      Say(0xfa);
    }
    command = 0;
  }
  void Say(uint8_t value, bool mouse = false) { output.push_back({value, mouse}); }

  bool absent = false;
  bool stuck = false;
  bool loses_injections = false;
  uint8_t command = 0;
  uint8_t configuration = 0x32;
  std::deque<Byte> output;
};

}  // namespace

status_t blob_retain(text_t) { return OK; }

reference_result_t reference_obtain(text_t function) {
  EXPECT_TRUE(text_equal(function, TEXT("keyboard_interrupt")));
  return {OK, {9, 1}};
}

status_t interrupt_dispatch_register(uint64_t line, reference_t, text_t) {
  EXPECT_EQ(line, 1u);
  registrations++;
  return OK;
}

status_t host_channel_acknowledge_key(void) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  acknowledged++;
  return host_status;
}

namespace {

class KeyboardTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(keyboard_queue);
    HOST_STATE_CLEAR(ps2_controller_queues);
    host_device = &controller_;
    registrations = acknowledged = 0;
    host_events = {};
    host_status = OK;
    controller_.Say(0x1c);  // stale
    ASSERT_EQ(Code(keyboard_initialize()), STATUS_OK);
    token_ = keyboard_acquire().value;
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  void Press(uint8_t code) {
    controller_.Say(code);
    EXPECT_EQ(Code(keyboard_interrupt()), STATUS_OK);
  }
  keyboard_item_t Peek() {
    keyboard_item_t item = {};
    EXPECT_EQ(Code(keyboard_peek(token_, &item)), STATUS_OK);
    return item;
  }
  void Complete() { EXPECT_EQ(Code(keyboard_complete(token_, Peek().sequence)), STATUS_OK); }
  keyboard_counters_t Counters() {
    keyboard_counters_t counters = {};
    EXPECT_EQ(Code(keyboard_describe(&counters)), STATUS_OK);
    return counters;
  }

  Controller controller_;
  uint64_t token_ = 0;
};

TEST_F(KeyboardTest, Initialize_Always_SetsTheControllerUp) {
  EXPECT_EQ(controller_.configuration, 0x61);  // interrupt on, mouse off, translation to set 1
  EXPECT_EQ(registrations, 1);
  EXPECT_EQ(Counters().received, 0u);
}

TEST_F(KeyboardTest, Initialize_NoController_IsIoError) {
  controller_.absent = true;
  EXPECT_EQ(Code(keyboard_initialize()), STATUS_IO_ERROR);
  controller_.absent = false;
  controller_.stuck = true;
  EXPECT_EQ(Code(keyboard_initialize()), STATUS_IO_ERROR);
  EXPECT_EQ(registrations, 1);
}

TEST_F(KeyboardTest, Peek_Nothing_WouldBlockAndWatches) {
  keyboard_item_t item = {};
  EXPECT_EQ(Code(keyboard_peek(token_, &item)), STATUS_WOULD_BLOCK);
  EXPECT_EQ(host_events.watches, 1);
}

TEST_F(KeyboardTest, Interrupt_Codes_AreSeenInOrder) {
  controller_.Say(0x1e);
  controller_.Say(0x9e);
  EXPECT_EQ(Code(keyboard_interrupt()), STATUS_OK);
  EXPECT_EQ(host_events.signals, 1);
  EXPECT_EQ(Peek().code, 0x1e);
  EXPECT_EQ(Peek().sequence, 1u);
  EXPECT_FALSE(Peek().injected);
  Complete();
  EXPECT_EQ(Peek().code, 0x9e);
  EXPECT_EQ(Peek().sequence, 2u);
}

TEST_F(KeyboardTest, Interrupt_BytesOfTheMouse_AreDropped) {
  controller_.Say(0x08, true);
  controller_.Say(0x1e);
  EXPECT_EQ(Code(keyboard_interrupt()), STATUS_OK);
  EXPECT_EQ(Peek().code, 0x1e);
  EXPECT_EQ(Counters().received, 1u);
}

TEST_F(KeyboardTest, Interrupt_QueueFull_CountsTheLoss) {
  for (int i = 0; i < 300; i++) Press(static_cast<uint8_t>(i % 100));
  EXPECT_EQ(Counters().received, 300u);
  EXPECT_EQ(Counters().waiting, 256u);
  EXPECT_EQ(Counters().lost, 44u);
  for (int i = 0; i < 256; i++) {
    ASSERT_EQ(Peek().code, i % 100);
    Complete();
  }
  EXPECT_EQ(Counters().completed, 256u);
}

TEST_F(KeyboardTest, Interrupt_BeforeInitialize_IsUnavailable) {
  HOST_STATE_CLEAR(keyboard_queue);
  controller_.Say(0x1e);
  EXPECT_EQ(Code(keyboard_interrupt()), STATUS_UNAVAILABLE);
  EXPECT_EQ(controller_.output.size(), 1u);
}

TEST_F(KeyboardTest, Acquire_SecondConsumer_MakesTheFirstStale) {
  Press(0x1e);
  const uint64_t newer = keyboard_acquire().value;
  keyboard_item_t item = {};
  EXPECT_EQ(Code(keyboard_peek(token_, &item)), STATUS_STALE);
  EXPECT_EQ(Code(keyboard_complete(token_, 1)), STATUS_STALE);
  EXPECT_EQ(Code(keyboard_release(token_)), STATUS_STALE);
  EXPECT_EQ(Code(keyboard_peek(newer, &item)), STATUS_OK);
  EXPECT_EQ(item.code, 0x1e);
}

TEST_F(KeyboardTest, AcquireIfFree_Held_WaitsForTheRelease) {
  EXPECT_EQ(Code(keyboard_acquire_if_free().status), STATUS_WOULD_BLOCK);
  EXPECT_EQ(host_events.watches, 1);
  EXPECT_EQ(Code(keyboard_release(token_)), STATUS_OK);
  EXPECT_EQ(host_events.signals, 1);
  const keyboard_consumer_result_t consumer = keyboard_acquire_if_free();
  EXPECT_EQ(Code(consumer.status), STATUS_OK);
  EXPECT_NE(consumer.value, token_);
}

TEST_F(KeyboardTest, Complete_Twice_IsStale) {
  Press(0x1e);
  const uint32_t sequence = Peek().sequence;
  EXPECT_EQ(Code(keyboard_complete(token_, sequence + 1)), STATUS_STALE);
  EXPECT_EQ(Code(keyboard_complete(token_, sequence)), STATUS_OK);
  EXPECT_EQ(Code(keyboard_complete(token_, sequence)), STATUS_STALE);
  EXPECT_EQ(Code(keyboard_complete(token_, UINT64_MAX)), STATUS_STALE);
}

TEST_F(KeyboardTest, Complete_ReleaseOfAKeyFromOutside_TellsTheHost) {
  for (const uint8_t code : {0x1e, 0x9e, 0xe0, 0x48, 0xe0, 0xc8}) Press(code);
  const int after[] = {0, 1, 1, 1, 1, 2};
  for (const int expected : after) {
    Complete();
    EXPECT_EQ(acknowledged, expected);
  }
  EXPECT_EQ(Counters().acknowledged, 2u);
}

TEST_F(KeyboardTest, Complete_HostChannelGone_IsStillOk) {
  host_status = ERR(UNAVAILABLE);
  Press(0x9e);
  Complete();
  EXPECT_EQ(acknowledged, 1);
}

TEST_F(KeyboardTest, Inject_Code_ComesBackMarked) {
  EXPECT_EQ(Code(keyboard_inject(0x9e)), STATUS_OK);
  EXPECT_EQ(Code(keyboard_interrupt()), STATUS_OK);
  EXPECT_EQ(Peek().code, 0x9e);
  EXPECT_TRUE(Peek().injected);
  Complete();
  EXPECT_EQ(acknowledged, 0);
  EXPECT_EQ(Counters().injected, 1u);
}

TEST_F(KeyboardTest, Inject_BeforeTheLastCameBack_FetchesItItself) {
  EXPECT_EQ(Code(keyboard_inject(0x60)), STATUS_OK);
  // The interrupt is late; the code is there.
  EXPECT_EQ(Code(keyboard_inject(0x61)), STATUS_OK);
  EXPECT_TRUE(Peek().injected);
  EXPECT_EQ(Peek().code, 0x60);
}

TEST_F(KeyboardTest, Inject_LastIsStillUnderWay_IsBusy) {
  controller_.loses_injections = true;
  EXPECT_EQ(Code(keyboard_inject(0x60)), STATUS_OK);
  EXPECT_EQ(Code(keyboard_inject(0x61)), STATUS_BUSY);
}

TEST_F(KeyboardTest, Inject_KeyIsWaiting_IsBusy) {
  controller_.Say(0x1e);
  EXPECT_EQ(Code(keyboard_inject(0x60)), STATUS_BUSY);
  EXPECT_EQ(Code(keyboard_interrupt()), STATUS_OK);
  EXPECT_EQ(Code(keyboard_inject(0x60)), STATUS_OK);
}

TEST_F(KeyboardTest, Inject_KeyIsQuicker_MarksOnlyTheInjectedOne) {
  controller_.loses_injections = true;
  EXPECT_EQ(Code(keyboard_inject(0x60)), STATUS_OK);
  Press(0x1e);
  Press(0x60);
  EXPECT_FALSE(Peek().injected);
  Complete();
  EXPECT_TRUE(Peek().injected);
}

TEST_F(KeyboardTest, Inject_BadCodeOrController_IsRefused) {
  EXPECT_EQ(Code(keyboard_inject(256)), STATUS_OUT_OF_RANGE);
  controller_.absent = true;
  EXPECT_EQ(Code(keyboard_inject(0x60)), STATUS_IO_ERROR);
}

TEST_F(KeyboardTest, Reset_InjectedCodeIsLost_OthersCanBeInjected) {
  Press(0x1e);
  controller_.loses_injections = true;
  EXPECT_EQ(Code(keyboard_inject(0x60)), STATUS_OK);
  EXPECT_EQ(Code(keyboard_inject(0x61)), STATUS_BUSY);
  EXPECT_EQ(Code(keyboard_reset()), STATUS_OK);
  controller_.loses_injections = false;
  EXPECT_EQ(Code(keyboard_inject(0x61)), STATUS_OK);
  EXPECT_EQ(Code(keyboard_interrupt()), STATUS_OK);
  EXPECT_EQ(Peek().code, 0x1e);  // what waited stays
  Complete();
  EXPECT_EQ(Peek().code, 0x61);
  EXPECT_TRUE(Peek().injected);
  controller_.absent = true;
  EXPECT_EQ(Code(keyboard_reset()), STATUS_IO_ERROR);
}

TEST_F(KeyboardTest, Peek_InterruptWasLost_FindsTheCode) {
  controller_.Say(0x1e);
  EXPECT_EQ(Peek().code, 0x1e);
}

TEST_F(KeyboardTest, Inject_ControllerRefuses_NothingIsUnderWay) {
  controller_.Say(0x1e);
  EXPECT_EQ(Code(keyboard_inject(0x1e)), STATUS_BUSY);
  EXPECT_FALSE(Peek().injected);
}

}  // namespace
