// SPDX-License-Identifier: MIT
#include "cells/console_multiplexer/console_multiplexer.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "cells/console/console.h"
#include "cells/keyboard/keyboard.h"
#include "cells/keymap/keymap.h"
#include "cells/serial_port/serial_port.h"
#include "cells/timer/timer.h"
#include "testing/host/fake_core.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(console_multiplexer_input, 256);

namespace {

struct Devices {
  std::string serial, screen;      // what was written
  std::deque<uint32_t> serial_in;  // what comes
  std::deque<uint8_t> codes;       // scan codes that wait
  status_t serial_status = OK, screen_status = OK, keyboard_status = OK, keymap_status = OK;
  status_t timer_status = OK;
  uint64_t holder = 0;  // the keyboard's current token
  bool taken = false;   // by somebody else
  uint32_t sequence = 1;
  int translated = 0;
};

Devices devices;

}  // namespace

status_t serial_port_write(text_t text) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (status_is_ok(devices.serial_status)) devices.serial += fake_string(text);
  return devices.serial_status;
}

u32_result_t serial_port_read(void) {
  if (!status_is_ok(devices.serial_status)) return {devices.serial_status, 0};
  if (devices.serial_in.empty()) return {ERR(WOULD_BLOCK), 0};
  const uint32_t character = devices.serial_in.front();
  devices.serial_in.pop_front();
  return {OK, character};
}

status_t console_write(text_t text) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (status_is_ok(devices.screen_status)) devices.screen += fake_string(text);
  return devices.screen_status;
}

status_t console_size(console_size_t *size) {
  *size = {100, 40};
  return devices.screen_status;
}

keyboard_consumer_result_t keyboard_acquire_if_free(void) {
  if (!status_is_ok(devices.keyboard_status)) return {devices.keyboard_status, 0};
  if (devices.taken) return {ERR(WOULD_BLOCK), 0};
  devices.holder += 10;
  return {OK, devices.holder};
}

status_t keyboard_peek(uint64_t token, keyboard_item_t *item) {
  if (!status_is_ok(devices.keyboard_status)) return devices.keyboard_status;
  if (devices.taken || token == 0 || token != devices.holder) return ERR(STALE);
  if (devices.codes.empty()) return ERR(WOULD_BLOCK);
  *item = {devices.sequence, devices.codes.front(), false};
  return OK;
}

status_t keyboard_complete(uint64_t token, uint64_t sequence) {
  if (token != devices.holder || sequence != devices.sequence) return ERR(STALE);
  devices.sequence++;
  devices.codes.pop_front();
  return OK;
}

// Codes below 0x80 make themselves; 0x2a counts as a modifier that the state remembers.
u32_result_t keymap_translate(keymap_state_t *state, uint64_t code) {
  if (!status_is_ok(devices.keymap_status)) return {devices.keymap_status, 0};
  devices.translated++;
  if (code == 0x2a) state->opaque[0] = 1;
  if (code == 0x2a || code >= 0x80) return {OK, 0};
  return {OK, static_cast<uint32_t>(code) - (state->opaque[0] != 0 ? 32u : 0u)};
}

nanoseconds_result_t timer_now(void) { return {devices.timer_status, {1000}}; }

status_t timer_wait_until(nanoseconds_t deadline) {
  EXPECT_GT(deadline.count, 1000u);
  return status_is_ok(devices.timer_status) ? ERR(WOULD_BLOCK) : devices.timer_status;
}

namespace {

class ConsoleMultiplexerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(console_multiplexer_input);
    fake_core() = {};
    devices = {};
  }

  static void Console(const std::string &value) {
    fake_core().values["console"] = value;
    EXPECT_TRUE(status_is_ok(console_multiplexer_initialize()));
  }

  static uint32_t Read() {
    const u32_result_t result = console_multiplexer_read();
    EXPECT_TRUE(status_is_ok(result.status)) << result.status.code;
    return result.value;
  }
};

TEST_F(ConsoleMultiplexerTest, Write_ByDefault_GoesToBoth) {
  EXPECT_TRUE(status_is_ok(console_multiplexer_initialize()));
  EXPECT_TRUE(status_is_ok(console_multiplexer_write(TEXT("hello\n"))));
  EXPECT_EQ(devices.serial, "hello\n");
  EXPECT_EQ(devices.screen, "hello\n");
}

TEST_F(ConsoleMultiplexerTest, Size_OfTheScreen_IfThereIsOne) {
  console_multiplexer_size_t size = {};
  EXPECT_TRUE(status_is_ok(console_multiplexer_size(&size)));
  EXPECT_EQ(size.columns, 100u);
  EXPECT_EQ(size.rows, 40u);
  devices.screen_status = ERR(UNAVAILABLE);
  EXPECT_TRUE(status_is(console_multiplexer_size(&size), STATUS_UNAVAILABLE));
  devices.screen_status = OK;
  Console("serial");
  EXPECT_TRUE(status_is(console_multiplexer_size(&size), STATUS_UNAVAILABLE));
}

TEST_F(ConsoleMultiplexerTest, Write_ConsoleSerial_SparesTheScreen) {
  Console("serial");
  EXPECT_TRUE(status_is_ok(console_multiplexer_write(TEXT("x"))));
  EXPECT_EQ(devices.serial, "x");
  EXPECT_EQ(devices.screen, "");
}

TEST_F(ConsoleMultiplexerTest, Write_ConsoleScreen_SparesTheSerialLine) {
  Console("screen");
  EXPECT_TRUE(status_is_ok(console_multiplexer_write(TEXT("x"))));
  EXPECT_EQ(devices.serial, "");
  EXPECT_EQ(devices.screen, "x");
}

TEST_F(ConsoleMultiplexerTest, Write_ConsoleUnknown_GoesToBoth) {
  Console("teletype");
  EXPECT_TRUE(status_is_ok(console_multiplexer_write(TEXT("x"))));
  EXPECT_EQ(devices.serial + devices.screen, "xx");
}

TEST_F(ConsoleMultiplexerTest, Write_SerialPortGone_UsesTheEmergencyConsole) {
  devices.serial_status = ERR(UNAVAILABLE);
  EXPECT_TRUE(status_is_ok(console_multiplexer_write(TEXT("= ok\n"))));
  EXPECT_EQ(fake_core().emergency, "= ok\n");
  EXPECT_EQ(devices.screen, "= ok\n");
}

TEST_F(ConsoleMultiplexerTest, Write_SerialPortFails_BeginsANewLine) {
  devices.serial_status = ERR(FAULT);
  EXPECT_TRUE(status_is_ok(console_multiplexer_write(TEXT("= ok\n"))));
  EXPECT_EQ(fake_core().emergency, "\n= ok\n");
}

TEST_F(ConsoleMultiplexerTest, Write_ScreenOnlyAndGone_IsUnavailable) {
  Console("screen");
  devices.screen_status = ERR(UNAVAILABLE);
  EXPECT_TRUE(status_is(console_multiplexer_write(TEXT("x")), STATUS_UNAVAILABLE));
}

TEST_F(ConsoleMultiplexerTest, Read_BothDevices_AreMerged) {
  devices.serial_in = {'a'};
  devices.codes = {'q', 0x80 | 'q'};
  EXPECT_EQ(Read(), static_cast<uint32_t>('a'));
  EXPECT_EQ(Read(), static_cast<uint32_t>('q'));
  EXPECT_TRUE(status_is(console_multiplexer_read().status, STATUS_WOULD_BLOCK));
  EXPECT_TRUE(devices.codes.empty()) << "a release makes no character, but is completed";
}

TEST_F(ConsoleMultiplexerTest, Read_Modifier_IsKeptBetweenCalls) {
  devices.codes = {0x2a};
  EXPECT_TRUE(status_is(console_multiplexer_read().status, STATUS_WOULD_BLOCK));
  devices.codes = {'q'};
  EXPECT_EQ(Read(), static_cast<uint32_t>('Q'));
}

TEST_F(ConsoleMultiplexerTest, Read_KeyboardTaken_WaitsAndComesBack) {
  devices.codes = {'a'};
  EXPECT_EQ(Read(), static_cast<uint32_t>('a'));
  devices.taken = true;
  devices.codes = {'b'};
  EXPECT_TRUE(status_is(console_multiplexer_read().status, STATUS_WOULD_BLOCK));
  EXPECT_EQ(devices.codes.size(), 1u);
  devices.taken = false;
  devices.holder += 10;  // the other one's token, given back meanwhile
  EXPECT_EQ(Read(), static_cast<uint32_t>('b'));
}

TEST_F(ConsoleMultiplexerTest, Read_KeyboardGone_StillReadsTheSerialLine) {
  devices.keyboard_status = ERR(UNAVAILABLE);
  devices.serial_in = {'x'};
  EXPECT_EQ(Read(), static_cast<uint32_t>('x'));
  EXPECT_TRUE(status_is(console_multiplexer_read().status, STATUS_WOULD_BLOCK));
}

TEST_F(ConsoleMultiplexerTest, Read_KeymapGone_DropsCodes) {
  devices.keymap_status = ERR(UNAVAILABLE);
  devices.codes = {'a', 'b'};
  EXPECT_TRUE(status_is(console_multiplexer_read().status, STATUS_WOULD_BLOCK));
  EXPECT_TRUE(devices.codes.empty());
}

TEST_F(ConsoleMultiplexerTest, Read_ForeignModifiers_BeginAnew) {
  devices.codes = {0x2a};
  EXPECT_TRUE(status_is(console_multiplexer_read().status, STATUS_WOULD_BLOCK));
  devices.keymap_status = ERR(STALE);
  devices.codes = {'a'};
  EXPECT_TRUE(status_is(console_multiplexer_read().status, STATUS_WOULD_BLOCK));
  devices.keymap_status = OK;
  devices.codes = {'b'};
  EXPECT_EQ(Read(), static_cast<uint32_t>('b'));
}

TEST_F(ConsoleMultiplexerTest, Read_SerialPortGone_PollsTheEmergencyConsole) {
  devices.serial_status = ERR(UNAVAILABLE);
  fake_core().emergency_input = "z";
  EXPECT_EQ(Read(), static_cast<uint32_t>('z'));
  EXPECT_TRUE(status_is(console_multiplexer_read().status, STATUS_WOULD_BLOCK));
}

TEST_F(ConsoleMultiplexerTest, Read_SerialPortAndTimerGone_IsBusy) {
  devices.serial_status = ERR(UNAVAILABLE);
  devices.timer_status = ERR(UNAVAILABLE);
  EXPECT_TRUE(status_is(console_multiplexer_read().status, STATUS_BUSY));
}

TEST_F(ConsoleMultiplexerTest, Read_ManyReleases_AsksToBeCalledAgain) {
  devices.codes.assign(40, 0x90);
  EXPECT_TRUE(status_is(console_multiplexer_read().status, STATUS_BUSY));
  EXPECT_EQ(devices.codes.size(), 24u);
}

}  // namespace
