// SPDX-License-Identifier: MIT
#include "cells/hpet/hpet.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/interrupt_controller/interrupt_controller.h"
#include "testing/hardware/fake_acpi.h"
#include "testing/host/ports.h"

HOST_STATE_BYTES(hpet_registers, 256);

namespace {

alignas(8) unsigned char page[0x1000];
paddr_t mapped_start;
int mapped;
status_t map_status = {STATUS_OK};
std::map<uint64_t, uint64_t> globals;
std::set<uint64_t> levels;

uint32_t Code(status_t status) { return status.code; }

constexpr uint32_t kRepeats = 1 << 4;

// A device with three timers.
class Device : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t, int) override { return 0; }
  void WritePort(uint16_t, uint32_t, int) override { ADD_FAILURE(); }
  uint64_t ReadRegister(void *place, int bytes) override {
    EXPECT_EQ(bytes, 4) << "not every device takes more at once";
    const uint64_t at = Offset(place);
    if (at == 0xf0 && (registers[0x10] & 1) != 0 && counting) registers[0xf0]++;
    return registers[at];
  }
  void WriteRegister(void *place, uint64_t value, int bytes) override {
    EXPECT_EQ(bytes, 4);
    writes++;
    const uint64_t at = Offset(place);
    if (at == 0x108 || at == 0x128) comparators++;
    // What a timer can do is not written.
    const uint32_t kept = at == 0x100 || at == 0x120 ? registers[at] & kRepeats : 0;
    registers[at] = static_cast<uint32_t>(value) | kept;
  }

  std::map<uint64_t, uint32_t> registers = {
      {0x00, 2 << 8 | 0x8001}, {0x04, 10000000}, {0x100, kRepeats},
      {0x104, 0xff0104},       {0x120, 0},       {0x124, 0xff0104}};
  bool counting = true;
  int writes = 0;
  int comparators = 0;

 private:
  static uint64_t Offset(void *place) {
    const auto at = static_cast<unsigned char *>(place) - page - mapped_start.bytes % 0x1000;
    EXPECT_GE(at, 0);
    EXPECT_LT(at, 0x400);
    return static_cast<uint64_t>(at);
  }
};

}  // namespace

status_t blob_retain(text_t) { return OK; }
owner_result_t owner_self(void) { return {OK, {5}}; }

memory_result_t address_space_mapper_map_device(owner_t, paddr_t start, uint64_t) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(start.bytes % 0x1000, 0u);
  if (status_is_ok(map_status)) mapped++;
  return {map_status, page};
}

status_t address_space_mapper_unmap(owner_t, void *place) {
  EXPECT_EQ(place, page);
  mapped--;
  return OK;
}

u64_result_t interrupt_controller_global(uint64_t line) {
  if (globals.count(line) == 0) return {ERR(OUT_OF_RANGE), 0};
  return {OK, globals[line]};
}

bool_result_t interrupt_controller_is_edge(uint64_t line) {
  return {globals.count(line) == 0 ? ERR(OUT_OF_RANGE) : OK, levels.count(line) == 0};
}

namespace {

class HpetTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(hpet_registers);
    host_device = &device_;
    mapped = 0;
    mapped_start = {};
    map_status = OK;
    fake_acpi_status = OK;
    fake_tables = {tables::Hpet(0xfed00000)};
    levels.clear();
    globals = {{0, 2}, {5, 5}, {10, 10}, {11, 11}};
    ASSERT_EQ(Code(hpet_initialize()), STATUS_OK);
  }

  void ExpectNoStart(enum status_code code) {
    EXPECT_EQ(Code(hpet_start(&source_)), static_cast<uint32_t>(code));
    EXPECT_EQ(mapped, 0);
    EXPECT_EQ(source_.hertz, 0u);
    EXPECT_EQ(Code(hpet_counter().status), STATUS_NOT_FOUND);
  }

  Device device_;
  tick_source_t source_ = {};
};

TEST_F(HpetTest, Start_Replacing_TicksOnTheTimersLine) {
  EXPECT_EQ(Code(hpet_start(&source_)), STATUS_OK);
  EXPECT_EQ(source_.line, 0u);
  EXPECT_EQ(source_.hertz, 100000000u);
  EXPECT_EQ(source_.mask, UINT32_MAX);
  EXPECT_EQ(source_.counts_per_tick, 100000u);
  EXPECT_EQ(device_.registers[0x10], 3u);
  EXPECT_EQ(device_.registers[0x108], 100000u);
  EXPECT_EQ(device_.comparators, 2) << "first tick, then period";
  // Enabled, periodic, 32 bits, edge.
  EXPECT_EQ(device_.registers[0x100] & 0x10e, 0x10cu);
}

TEST_F(HpetTest, Start_Again_TouchesNothing) {
  EXPECT_EQ(Code(hpet_start(&source_)), STATUS_OK);
  device_.writes = 0;
  tick_source_t again = {};
  EXPECT_EQ(Code(hpet_start(&again)), STATUS_OK);
  EXPECT_EQ(device_.writes, 0);
  EXPECT_EQ(mapped, 1);
  EXPECT_EQ(again.counts_per_tick, 100000u);
}

TEST_F(HpetTest, Counter_Started_MovesOn) {
  EXPECT_EQ(Code(hpet_start(&source_)), STATUS_OK);
  const uint64_t before = hpet_counter().value;
  EXPECT_GT(hpet_counter().value, before);
}

TEST_F(HpetTest, Stop_Running_GivesTheLineBackAndStartsAgain) {
  EXPECT_EQ(Code(hpet_stop()), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(hpet_start(&source_)), STATUS_OK);
  EXPECT_EQ(Code(hpet_stop()), STATUS_OK);
  EXPECT_EQ(device_.registers[0x10], 0u) << "neither counts nor replaces";
  EXPECT_EQ(Code(hpet_counter().status), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(hpet_stop()), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(hpet_start(&source_)), STATUS_OK);
  EXPECT_EQ(device_.registers[0x10], 3u);
  EXPECT_EQ(mapped, 1) << "it was mapped already";
}

TEST_F(HpetTest, Start_CannotReplace_TakesALineFromTheMask) {
  device_.registers[0x00] &= ~0x8000u;
  EXPECT_EQ(Code(hpet_start(&source_)), STATUS_OK);
  EXPECT_EQ(source_.line, 0u);  // its pin, 2, is in the mask
  EXPECT_EQ(device_.registers[0x10], 1u);
  EXPECT_EQ(device_.registers[0x100] >> 9 & 31, 2u);
}

TEST_F(HpetTest, Start_TimerLineElsewhere_DoesNotReplace) {
  globals[0] = 0;
  device_.registers[0x104] = 1 << 11;
  EXPECT_EQ(Code(hpet_start(&source_)), STATUS_OK);
  EXPECT_EQ(source_.line, 11u);
  EXPECT_EQ(device_.registers[0x10], 1u);
  EXPECT_EQ(device_.registers[0x100] >> 9 & 31, 11u);
}

TEST_F(HpetTest, Start_LevelLines_AreNotTaken) {
  globals[0] = 0;
  levels = {5, 10};
  device_.registers[0x104] = 1 << 5 | 1 << 10;
  ExpectNoStart(STATUS_UNSUPPORTED);
  device_.registers[0x104] = 1 << 5 | 1 << 10 | 1 << 11;
  EXPECT_EQ(Code(hpet_start(&source_)), STATUS_OK);
  EXPECT_EQ(source_.line, 11u);
}

TEST_F(HpetTest, Start_OnlyTheSecondTimerRepeats_TakesThat) {
  device_.registers[0x100] = 0;
  device_.registers[0x120] = kRepeats;
  device_.registers[0x124] = 1 << 10;
  EXPECT_EQ(Code(hpet_start(&source_)), STATUS_OK);
  EXPECT_EQ(source_.line, 10u);
  EXPECT_EQ(device_.registers[0x128], 100000u);
}

TEST_F(HpetTest, Start_NoTimerRepeats_IsUnsupported) {
  device_.registers[0x100] = 0;
  ExpectNoStart(STATUS_UNSUPPORTED);
  EXPECT_EQ(device_.writes, 0);
}

TEST_F(HpetTest, Start_NoLineReached_IsUnsupported) {
  device_.registers[0x00] &= ~0x8000u;
  device_.registers[0x104] = 1u << 23;
  ExpectNoStart(STATUS_UNSUPPORTED);
  globals.clear();
  device_.registers[0x104] = UINT32_MAX;
  ExpectNoStart(STATUS_UNSUPPORTED);
}

TEST_F(HpetTest, Start_ThirtyTwoTimersAnnounced_StaysWithinTheRegisters) {
  device_.registers[0x00] = 0x1f << 8 | 1;
  device_.registers[0x100] = 0;
  ExpectNoStart(STATUS_UNSUPPORTED);
}

TEST_F(HpetTest, Start_NonsenseCapabilities_IsIoErrorAndUntouched) {
  for (const uint32_t capabilities : {0u, UINT32_MAX, 0x8200u}) {
    device_.registers[0x00] = capabilities;
    ExpectNoStart(STATUS_IO_ERROR);
  }
  device_.registers[0x00] = 0x8201;
  for (const uint32_t period : {0u, 99999u, 100000001u, UINT32_MAX}) {
    device_.registers[0x04] = period;
    ExpectNoStart(STATUS_IO_ERROR);
  }
  EXPECT_EQ(device_.writes, 0);
}

TEST_F(HpetTest, Start_CounterStandsStill_IsIoErrorAndStopped) {
  device_.counting = false;
  ExpectNoStart(STATUS_IO_ERROR);
  EXPECT_EQ(device_.registers[0x10], 0u);
}

TEST_F(HpetTest, Start_SlowestAndFastest_AreAccepted) {
  for (const uint32_t period : {100000u, 100000000u, 69841279u}) {
    HOST_STATE_CLEAR(hpet_registers);
    device_.registers[0x04] = period;
    EXPECT_EQ(Code(hpet_start(&source_)), STATUS_OK) << period;
    EXPECT_EQ(source_.counts_per_tick, source_.hertz / 1000);
  }
  EXPECT_EQ(source_.hertz, 14318180u);
}

TEST_F(HpetTest, Start_NoTable_IsNotFound) {
  fake_tables = {};
  ExpectNoStart(STATUS_NOT_FOUND);
  fake_acpi_status = ERR(UNAVAILABLE);
  ExpectNoStart(STATUS_UNAVAILABLE);
}

TEST_F(HpetTest, Start_AddressNonsense_IsIoError) {
  for (const tables::Bytes &table :
       {tables::Hpet(0), tables::Hpet(0xfed00000, 1), tables::Hpet(0xfed00001),
        tables::Table("HPET", {}), tables::Table("HPET", {0, 0, 0, 0, 0, 0, 0, 0, 1})}) {
    fake_tables = {table};
    ExpectNoStart(STATUS_IO_ERROR);
  }
}

TEST_F(HpetTest, Start_InTheMiddleOfAPage_IsFoundThere) {
  fake_tables = {tables::Hpet(0xfed00400)};
  mapped_start.bytes = 0x400;
  EXPECT_EQ(Code(hpet_start(&source_)), STATUS_OK);
}

TEST_F(HpetTest, Start_MapperGone_TellsWhy) {
  map_status = ERR(UNAVAILABLE);
  ExpectNoStart(STATUS_UNAVAILABLE);
}

TEST_F(HpetTest, Start_AnyByteOfTheTableChanged_IsAnAnswer) {
  const tables::Bytes sound = tables::Hpet(0xfed00000);
  for (size_t i = 0; i < sound.size(); i++) {
    for (int value = 0; value < 256; value++) {
      HOST_STATE_CLEAR(hpet_registers);
      fake_tables = {sound};
      fake_tables[0][i] = static_cast<uint8_t>(value);
      mapped_start.bytes = i == 45 ? static_cast<uint64_t>(value) << 8 & 0xfff : 0;
      const status_t status = hpet_start(&source_);
      ASSERT_TRUE(status_is_ok(status) || status_is(status, STATUS_IO_ERROR) ||
                  status_is(status, STATUS_NOT_FOUND));
    }
  }
}

}  // namespace
