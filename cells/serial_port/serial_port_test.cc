// SPDX-License-Identifier: MIT
#include "cells/serial_port/serial_port.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>

#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "testing/host/events.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(serial_port_input, 4096);
HOST_STATE_BYTES(serial_port_output, 4096);

namespace {

int registrations;

uint32_t Code(status_t status) { return status.code; }

// A 16550A.
class Uart : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t port, int bytes) override {
    EXPECT_EQ(bytes, 1);
    if (absent) return 0xff;
    if (port == 0x3fd) {
      polls++;
      const uint32_t overrun = overruns;
      overruns = 0;
      return (received.empty() ? 0 : 1) | overrun << 1 | (accepts ? 0x60 : 0);
    }
    EXPECT_EQ(port, 0x3f8);
    if (received.empty()) return 0;
    const uint32_t value = received.front();
    received.pop_front();
    return value;
  }
  void WritePort(uint16_t port, uint32_t value, int bytes) override {
    EXPECT_EQ(bytes, 1);
    if (port == 0x3fb) divisor_access = (value & 0x80) != 0;
    if (divisor_access) programmed_inside = host_monitor_depth() == 2;
    if (port == 0x3f8 && !divisor_access) {
      sent.push_back(static_cast<char>(value));
    } else {
      registers[divisor_access ? port + 0x100 : port] = value;
    }
  }

  bool absent = false;
  bool accepts = true;
  bool divisor_access = false;
  bool programmed_inside = false;  // the monitors of input and output
  uint32_t overruns = 0;
  int polls = 0;
  std::deque<unsigned char> received;
  std::string sent;
  std::map<int, uint32_t> registers;
};

}  // namespace

reference_result_t reference_obtain(text_t function) {
  EXPECT_TRUE(text_equal(function, TEXT("serial_port_interrupt")));
  return {OK, {9, 1}};
}

status_t interrupt_dispatch_register(uint64_t line, reference_t, text_t) {
  EXPECT_EQ(line, 4u);
  registrations++;
  return OK;
}

namespace {

class SerialPortTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(serial_port_input);
    HOST_STATE_CLEAR(serial_port_output);
    host_device = &uart_;
    registrations = 0;
    host_events = {};
    ASSERT_EQ(Code(serial_port_initialize()), STATUS_OK);
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  void Receive(const std::string &text) {
    uart_.received.insert(uart_.received.end(), text.begin(), text.end());
  }

  std::string ReadAll() {
    std::string text;
    for (;;) {
      const u32_result_t result = serial_port_read();
      if (!status_is_ok(result.status)) {
        EXPECT_EQ(Code(result.status), STATUS_WOULD_BLOCK);
        return text;
      }
      text.push_back(static_cast<char>(result.value));
    }
  }

  serial_port_counters_t Counters() {
    serial_port_counters_t counters = {};
    EXPECT_EQ(Code(serial_port_describe(&counters)), STATUS_OK);
    return counters;
  }

  Uart uart_;
};

TEST_F(SerialPortTest, Initialize_Always_SetsTheLineUp) {
  EXPECT_EQ(uart_.registers[0x4f8], 1u);  // divisor: 115200
  EXPECT_EQ(uart_.registers[0x3fb], 3u);  // 8N1
  EXPECT_EQ(uart_.registers[0x3fc], 0xbu);
  EXPECT_EQ(uart_.registers[0x3f9], 1u);
  EXPECT_EQ(registrations, 1);
}

// What a new version of the driver does, with characters in the device.
TEST_F(SerialPortTest, Initialize_Again_KeepsWhatHasCome) {
  host_events.signals = 0;
  uart_.received.push_back('x');
  EXPECT_EQ(Code(serial_port_initialize()), STATUS_OK);
  EXPECT_EQ(host_events.signals, 1);
  EXPECT_TRUE(uart_.programmed_inside) << "a sender on another processor would write the divisor";
  uart_.received.clear();  // by the reset of its memory
  EXPECT_EQ(serial_port_read().value, static_cast<uint32_t>('x'));
}

TEST_F(SerialPortTest, Write_LongText_IsSentWhole) {
  std::string text;
  for (int i = 0; i < 1000; i++) text.push_back(static_cast<char>(i));
  EXPECT_EQ(Code(serial_port_write({text.data(), text.size()})), STATUS_OK);
  EXPECT_EQ(uart_.sent, text);
  EXPECT_EQ(Counters().sent, 1000u);
}

TEST_F(SerialPortTest, Write_Empty_DoesNothing) {
  uart_.polls = 0;
  EXPECT_EQ(Code(serial_port_write({nullptr, 0})), STATUS_OK);
  EXPECT_EQ(uart_.polls, 0);
}

TEST_F(SerialPortTest, Write_DeviceStalls_FailsAndThenAsksOnlyOnce) {
  uart_.accepts = false;
  EXPECT_EQ(Code(serial_port_write(TEXT("lost"))), STATUS_IO_ERROR);
  EXPECT_GT(uart_.polls, 1000);
  uart_.polls = 0;
  EXPECT_EQ(Code(serial_port_write(TEXT("lost"))), STATUS_IO_ERROR);
  EXPECT_EQ(uart_.polls, 1);
  uart_.accepts = true;
  EXPECT_EQ(Code(serial_port_write(TEXT("sent"))), STATUS_OK);
  EXPECT_EQ(uart_.sent, "sent");
}

TEST_F(SerialPortTest, Read_Nothing_WouldBlockAndWatches) {
  EXPECT_EQ(Code(serial_port_read().status), STATUS_WOULD_BLOCK);
  EXPECT_EQ(host_events.watches, 1);
}

TEST_F(SerialPortTest, Interrupt_Characters_AreReadInOrder) {
  Receive("hello\xff");
  EXPECT_EQ(Code(serial_port_interrupt()), STATUS_OK);
  EXPECT_EQ(host_events.signals, 1);
  EXPECT_TRUE(uart_.received.empty());
  EXPECT_EQ(ReadAll(), "hello\xff");
  EXPECT_EQ(Counters().received, 6u);
}

TEST_F(SerialPortTest, Interrupt_NothingThere_SignalsNothing) {
  EXPECT_EQ(Code(serial_port_interrupt()), STATUS_OK);
  EXPECT_EQ(host_events.signals, 0);
}

TEST_F(SerialPortTest, Interrupt_RingFull_LeavesTheRestInTheDevice) {
  std::string text;
  for (int i = 0; i < 5000; i++) text.push_back(static_cast<char>('a' + i % 26));
  Receive(text);
  EXPECT_EQ(Code(serial_port_interrupt()), STATUS_OK);
  EXPECT_EQ(uart_.received.size(), 5000u - 1024);
  // No further interrupt comes: reading fetches the rest.
  EXPECT_EQ(ReadAll(), text);
}

TEST_F(SerialPortTest, Interrupt_Overrun_IsCounted) {
  Receive("a");
  uart_.overruns = 1;
  EXPECT_EQ(Code(serial_port_interrupt()), STATUS_OK);
  EXPECT_EQ(Counters().overruns, 1u);
}

TEST_F(SerialPortTest, NoDevice_ReadAndInterrupt_FindNothing) {
  uart_.absent = true;
  EXPECT_EQ(Code(serial_port_interrupt()), STATUS_OK);
  EXPECT_EQ(Code(serial_port_read().status), STATUS_WOULD_BLOCK);
}

TEST_F(SerialPortTest, Interrupt_BeforeInitialize_IsUnavailable) {
  HOST_STATE_CLEAR(serial_port_input);
  EXPECT_EQ(Code(serial_port_interrupt()), STATUS_UNAVAILABLE);
}

TEST_F(SerialPortTest, Reset_Characters_AreKeptAndTheLineIsSetUpAnew) {
  Receive("ab");
  EXPECT_EQ(Code(serial_port_interrupt()), STATUS_OK);
  Receive("cd");
  uart_.registers.clear();
  EXPECT_EQ(Code(serial_port_reset()), STATUS_OK);
  EXPECT_EQ(uart_.registers[0x3fb], 3u);
  EXPECT_EQ(uart_.registers[0x3f9], 1u);
  EXPECT_EQ(ReadAll(), "abcd");
}

}  // namespace
