// SPDX-License-Identifier: MIT
#include "cells/real_time_clock/real_time_clock.h"

#include <gtest/gtest.h>

#include <map>

#include "testing/hardware/fake_acpi.h"
#include "testing/host/ports.h"

HOST_STATE_BYTES(real_time_clock_registers, 64);

namespace {

uint32_t Code(status_t status) { return status.code; }

constexpr uint8_t kUpdating = 0x80;
constexpr uint8_t kBinary = 4;
constexpr uint8_t k24Hours = 2;

class Clock : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t port, int bytes) override {
    EXPECT_EQ(port, 0x71);
    EXPECT_EQ(bytes, 1);
    EXPECT_EQ(host_monitor_depth(), 1u);
    if (absent) return 0xff;
    if (++reads == change_at) registers[changed] = changed_to;
    return registers[index];
  }
  void WritePort(uint16_t port, uint32_t value, int bytes) override {
    EXPECT_EQ(port, 0x70) << "nothing may be changed";
    EXPECT_EQ(bytes, 1);
    EXPECT_LT(value, 0x80u) << "that would switch NMIs off";
    index = value;
  }

  // 2026-11-22T13:04:59, two digits of four bits each.
  std::map<uint32_t, uint8_t> registers = {{0, 0x59},  {2, 0x04},   {4, 0x13},  {7, 0x22},
                                           {8, 0x11},  {9, 0x26},   {10, 0x26}, {11, k24Hours},
                                           {13, 0x80}, {0x32, 0x20}};
  bool absent = false;
  int reads = 0;
  int change_at = 0;  // the number of the read before which a register changes; 0: never
  uint32_t changed = 0;
  uint8_t changed_to = 0;

 private:
  uint32_t index = 0;
};

class RealTimeClockTest : public ::testing::Test {
 protected:
  void SetUp() override {
    host_device = &clock_;
    fake_acpi_status = OK;
    fake_tables = {tables::Fadt({})};
  }

  void Expect(int year, int month, int day, int hour, int minute, int second) {
    real_time_t time = {};
    ASSERT_EQ(Code(real_time_clock_read(&time)), STATUS_OK);
    EXPECT_EQ(time.year, year);
    EXPECT_EQ(time.month, month);
    EXPECT_EQ(time.day, day);
    EXPECT_EQ(time.hour, hour);
    EXPECT_EQ(time.minute, minute);
    EXPECT_EQ(time.second, second);
  }
  void ExpectError(enum status_code code) {
    real_time_t time = {};
    EXPECT_EQ(Code(real_time_clock_read(&time)), static_cast<uint32_t>(code));
    EXPECT_EQ(time.year, 0);
  }
  void ExpectErrorWith(uint32_t number, uint8_t value) {
    const uint8_t before = clock_.registers[number];
    clock_.registers[number] = value;
    ExpectError(STATUS_IO_ERROR);
    clock_.registers[number] = before;
  }

  Clock clock_;
};

TEST_F(RealTimeClockTest, Read_Decimal_IsDecoded) { Expect(2026, 11, 22, 13, 4, 59); }

TEST_F(RealTimeClockTest, Read_Binary_IsDecoded) {
  clock_.registers = {{0, 59},    {2, 4},    {4, 23},  {7, 31},
                      {8, 12},    {9, 99},   {10, 38}, {11, kBinary | k24Hours},
                      {13, 0x80}, {0x32, 20}};
  Expect(2099, 12, 31, 23, 4, 59);
}

TEST_F(RealTimeClockTest, Read_TwelveHours_AreDecoded) {
  clock_.registers[11] = 0;
  const std::map<uint8_t, int> hours = {{0x12, 0},  {0x01, 1},  {0x11, 11},
                                        {0x92, 12}, {0x81, 13}, {0x91, 23}};
  for (const auto &[raw, hour] : hours) {
    clock_.registers[4] = raw;
    Expect(2026, 11, 22, hour, 4, 59);
  }
  for (const uint8_t raw : {0x00, 0x13, 0x80, 0x93, 0x1a}) ExpectErrorWith(4, raw);
}

TEST_F(RealTimeClockTest, Read_NoCenturyRegister_Is1970To2069) {
  fake_tables = {};
  Expect(2026, 11, 22, 13, 4, 59);
  clock_.registers[9] = 0x69;
  Expect(2069, 11, 22, 13, 4, 59);
  clock_.registers[9] = 0x70;
  Expect(1970, 11, 22, 13, 4, 59);
}

TEST_F(RealTimeClockTest, Read_CenturyRegisterNonsense_IsNotAsked) {
  for (const uint8_t number : {1, 13, 0x80, 0xff}) {
    tables::FadtFields fields;
    fields.century = number;
    fake_tables = {tables::Fadt(fields)};
    Expect(2026, 11, 22, 13, 4, 59);
  }
  // A firmware from before there was that field.
  tables::FadtFields fields;
  fields.bytes = 108;
  fake_tables = {tables::Fadt(fields)};
  Expect(2026, 11, 22, 13, 4, 59);
}

TEST_F(RealTimeClockTest, Read_AcpiGone_DoesWithout) {
  fake_acpi_status = ERR(UNAVAILABLE);
  Expect(2026, 11, 22, 13, 4, 59);
}

TEST_F(RealTimeClockTest, Read_OtherCentury_Counts) {
  clock_.registers[0x32] = 0x19;
  clock_.registers[9] = 0x99;
  Expect(1999, 11, 22, 13, 4, 59);
  for (const uint8_t century : {0x18, 0x22, 0x99, 0xff}) ExpectErrorWith(0x32, century);
}

TEST_F(RealTimeClockTest, Read_LeapDays_AreThoseOfTheCalendar) {
  clock_.registers[8] = 0x02;
  clock_.registers[7] = 0x29;
  ExpectError(STATUS_IO_ERROR);
  clock_.registers[9] = 0x28;
  Expect(2028, 2, 29, 13, 4, 59);
  clock_.registers[9] = 0x00;
  Expect(2000, 2, 29, 13, 4, 59);
  clock_.registers[0x32] = 0x21;
  ExpectError(STATUS_IO_ERROR);
}

TEST_F(RealTimeClockTest, Read_Updating_IsBusy) {
  clock_.registers[10] |= kUpdating;
  ExpectError(STATUS_BUSY);
}

TEST_F(RealTimeClockTest, Read_ChangeAtAnyMoment_IsBusyOrOneOfBoth) {
  // Ten registers twice; the seconds move on before any of the reads.
  for (int at = 1; at <= 20; at++) {
    clock_.registers[0] = 0x58;
    clock_.reads = 0;
    clock_.change_at = at;
    clock_.changed_to = 0x59;
    real_time_t time = {};
    const status_t status = real_time_clock_read(&time);
    ASSERT_TRUE(status_is(status, STATUS_BUSY) || time.second == 58 || time.second == 59) << at;
    if (at > 2 && at <= 12) EXPECT_EQ(Code(status), STATUS_BUSY) << at;
  }
}

TEST_F(RealTimeClockTest, Read_UpdateBeginsBetween_IsBusy) {
  clock_.change_at = 11;
  clock_.changed = 10;
  clock_.changed_to = kUpdating;
  ExpectError(STATUS_BUSY);
}

TEST_F(RealTimeClockTest, Read_NoDevice_IsIoError) {
  clock_.absent = true;
  ExpectError(STATUS_IO_ERROR);
}

TEST_F(RealTimeClockTest, Read_BatteryEmpty_IsIoError) { ExpectErrorWith(13, 0); }

TEST_F(RealTimeClockTest, Read_Nonsense_IsIoError) {
  for (const uint8_t value : {0x60, 0x5a, 0xa0, 0xff}) {
    ExpectErrorWith(0, value);
    ExpectErrorWith(2, value);
  }
  for (const uint8_t value : {0x24, 0x1a, 0x93}) ExpectErrorWith(4, value);
  for (const uint8_t value : {0x00, 0x31, 0x32, 0x0a}) ExpectErrorWith(7, value);
  for (const uint8_t value : {0x00, 0x13, 0x0a, 0xff}) ExpectErrorWith(8, value);
  for (const uint8_t value : {0x9a, 0xa0}) ExpectErrorWith(9, value);
  clock_.registers[11] |= kBinary;
  clock_.registers[0x32] = 20;
  ExpectErrorWith(9, 100);
}

TEST_F(RealTimeClockTest, Read_AnyRegisterOfAnyValue_IsAnAnswer) {
  const std::map<uint32_t, uint8_t> sound = clock_.registers;
  for (const auto &[number, unused] : sound) {
    for (int value = 0; value < 256; value++) {
      clock_.registers = sound;
      clock_.registers[number] = static_cast<uint8_t>(value);
      real_time_t time = {};
      const status_t status = real_time_clock_read(&time);
      ASSERT_TRUE(status_is_ok(status) || status_is(status, STATUS_BUSY) ||
                  status_is(status, STATUS_IO_ERROR));
      if (status_is_ok(status)) ASSERT_TRUE(time.month >= 1 && time.month <= 12 && time.hour < 24);
    }
  }
}

}  // namespace
