// SPDX-License-Identifier: MIT
#include "cells/power/power.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/host_channel/host_channel.h"
#include "testing/hardware/fake_acpi.h"
#include "testing/host/ports.h"

namespace {

using Write = std::pair<uint16_t, uint32_t>;
using Writes = std::vector<Write>;
using tables::Bytes;

Writes writes;
std::string announced;
status_t host_status = {STATUS_OK};
unsigned char page[0x1000];
paddr_t mapped_start;
int mapped;

uint32_t Code(status_t status) { return status.code; }

class Machine : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t port, int bytes) override {
    EXPECT_EQ(bytes, 2);
    reads++;
    if (port == handed_over_port && handed_over && --patience <= 0) return control | 1;
    return control;
  }
  void WritePort(uint16_t port, uint32_t value, int bytes) override {
    if (port == 0x604 || port == 0x608) EXPECT_EQ(bytes, 2);
    if (port == 0xf4 || port == 0xb2 || port == 0xcf9 || port == 0x64) EXPECT_EQ(bytes, 1);
    EXPECT_FALSE(announced.empty()) << "the host must know first";
    if (port == 0xb2) handed_over = true;
    writes.push_back({port, value});
  }

  uint32_t control = 0;
  uint16_t handed_over_port = 0x604;
  bool handed_over = false;
  int patience = 0;  // reads until the firmware has handed over
  int reads = 0;
};

}  // namespace

status_t host_channel_announce(uint64_t kind) {
  announced.push_back(static_cast<char>(kind));
  return host_status;
}

owner_result_t owner_self(void) { return {OK, {5}}; }

memory_result_t address_space_mapper_map_device(owner_t, paddr_t start, uint64_t) {
  mapped_start = start;
  mapped++;
  return {OK, page};
}

status_t address_space_mapper_unmap(owner_t, void *) {
  mapped--;
  return OK;
}

namespace {

class PowerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    host_device = &machine_;
    writes.clear();
    announced.clear();
    host_status = OK;
    fake_acpi_status = OK;
    fake_tables = {};
    mapped = 0;
  }

  // The firmware names its registers, and `aml` is its program.
  void Describe(const tables::FadtFields &fields,
                const Bytes &aml = tables::SleepDefinition(5, 6)) {
    fake_tables = {tables::Fadt(fields), tables::Dsdt(aml)};
  }
  // What is written after the exit port.
  Writes OffWrites() {
    writes.clear();
    EXPECT_EQ(Code(power_off(0)), STATUS_UNSUPPORTED);  // here nothing ends
    EXPECT_EQ(writes.at(0), (Write{0xf4, 0x10}));
    return Writes(writes.begin() + 1, writes.end());
  }

  Machine machine_;
};

constexpr uint32_t kSleep = 1 << 13;

TEST_F(PowerTest, Off_Codes_EndTheEmulator) {
  EXPECT_EQ(Code(power_off(0)), STATUS_UNSUPPORTED);
  EXPECT_EQ(Code(power_off(100)), STATUS_UNSUPPORTED);
  EXPECT_EQ(writes, (Writes{{0xf4, 0x10}, {0xf4, 0x74}}));
  EXPECT_EQ(announced, "PP");
}

TEST_F(PowerTest, Off_CodeOutOfRange_DoesNothing) {
  EXPECT_EQ(Code(power_off(101)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(power_off(UINT64_MAX)), STATUS_OUT_OF_RANGE);
  EXPECT_TRUE(writes.empty());
  EXPECT_TRUE(announced.empty());
}

TEST_F(PowerTest, Off_HostChannelGone_StillEndsTheEmulator) {
  host_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(power_off(1)), STATUS_UNSUPPORTED);
  EXPECT_EQ(writes, (Writes{{0xf4, 0x11}}));
}

TEST_F(PowerTest, Off_ByAcpi_TakesOverThenSetsTypeThenSleep) {
  machine_.patience = 5;
  Describe({});
  EXPECT_EQ(OffWrites(), (Writes{{0xb2, 2}, {0x604, 5 << 10 | 1}, {0x604, 5 << 10 | kSleep | 1}}));
}

TEST_F(PowerTest, Off_ByAcpiHandedOverAlready_LeavesTheFirmwareAlone) {
  machine_.control = 0x0201 | 7 << 10;
  Describe({});
  EXPECT_EQ(OffWrites(), (Writes{{0x604, 0x0201 | 5 << 10}, {0x604, 0x0201 | 5 << 10 | kSleep}}));
}

TEST_F(PowerTest, Off_FirmwareNeverHandsOver_IsTriedAllTheSame) {
  machine_.handed_over_port = 0;
  Describe({});
  EXPECT_EQ(OffWrites().size(), 3u);
  EXPECT_GT(machine_.reads, 1000);
}

TEST_F(PowerTest, Off_NoSmiPort_IsAcpiAlready) {
  tables::FadtFields fields;
  fields.smi_port = 0;
  Describe(fields);
  EXPECT_EQ(OffWrites(), (Writes{{0x604, 5 << 10}, {0x604, 5 << 10 | kSleep}}));
}

TEST_F(PowerTest, Off_TwoRegisters_GetTheirOwnTypes) {
  tables::FadtFields fields;
  fields.smi_port = 0;
  fields.control_b = 0x608;
  Describe(fields);
  EXPECT_EQ(OffWrites(), (Writes{{0x604, 5 << 10},
                                 {0x604, 5 << 10 | kSleep},
                                 {0x608, 6 << 10},
                                 {0x608, 6 << 10 | kSleep}}));
}

TEST_F(PowerTest, Off_ExtendedRegister_ComesFirst) {
  tables::FadtFields fields;
  fields.smi_port = 0;
  fields.control_a = 0x1234;
  fields.extended_control_a = 0x604;
  Describe(fields);
  EXPECT_EQ(OffWrites().at(0).first, 0x604);
}

TEST_F(PowerTest, Off_NoRegisterOrReducedHardware_WritesNothing) {
  tables::FadtFields none;
  none.control_a = 0;
  tables::FadtFields far;
  far.control_a = 0x10604;
  tables::FadtFields reduced;
  reduced.flags = 1 << 20;
  tables::FadtFields small;
  small.bytes = 60;
  for (const tables::FadtFields &fields : {none, far, reduced, small}) {
    Describe(fields);
    EXPECT_EQ(OffWrites(), Writes{});
  }
}

TEST_F(PowerTest, Off_FormsOfTheDefinition_AreRead) {
  const std::map<int, Bytes> forms = {
      {0, {0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x04, 0x00, 0x00, 0x00, 0x00}},
      {1, {0x08, '\\', '_', 'S', '5', '_', 0x12, 0x06, 0x04, 0x01, 0x00, 0x00, 0x00}},
      {3, {0x08, '_', 'S', '5', '_', 0x12, 0x44, 0x00, 0x02, 0x0b, 0x03, 0x00, 0x00}},
      {4, {0x08, '_', 'S', '5', '_', 0x12, 0x04, 0x01, 0x0a, 0x04}},
      {7, {0x08, '_', 'S', '5', '_', 0x12, 0x08, 0x02, 0x0c, 0x07, 0x00, 0x00, 0x00, 0x00}},
  };
  machine_.control = 1;
  for (const auto &[type, aml] : forms) {
    Describe({}, aml);
    EXPECT_EQ(OffWrites().at(0).second, static_cast<uint32_t>(type << 10 | 1));
  }
}

TEST_F(PowerTest, Off_NoUsableDefinition_WritesNothing) {
  for (const Bytes &aml : {Bytes{}, Bytes{0x08, '_', 'S', '5', '_'},
                           Bytes{'_', 'S', '5', '_', 0x12, 0x06, 0x04, 0x00, 0x00},
                           Bytes{0x08, '_', 'S', '4', '_', 0x12, 0x06, 0x04, 0x00, 0x00},
                           Bytes{0x08, '_', 'S', '5', '_', 0x11, 0x06, 0x04, 0x00, 0x00},
                           Bytes{0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x00, 0x00, 0x00},
                           Bytes{0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x04, 0x0a, 0x08, 0x00},
                           Bytes{0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x04, 0x0d, 0x08, 0x00}}) {
    Describe({}, aml);
    EXPECT_EQ(OffWrites(), Writes{});
  }
}

TEST_F(PowerTest, Off_DefinitionAnywhere_IsFound) {
  machine_.control = 1;
  for (const size_t before : {0, 1, 231, 232, 233, 243, 244, 255, 256, 257, 500, 3000}) {
    Bytes aml(before, 0x08);
    tables::Append(&aml, tables::SleepDefinition(5, 6));
    Describe({}, aml);
    EXPECT_EQ(OffWrites().size(), 2u) << before;
  }
}

TEST_F(PowerTest, Off_DefinitionInAnSsdt_IsFound) {
  machine_.control = 1;
  fake_tables = {tables::Fadt({}), tables::Dsdt(Bytes(50)), tables::Table("SSDT", Bytes(9)),
                 tables::Table("SSDT", tables::SleepDefinition(2, 2))};
  EXPECT_EQ(OffWrites().at(0).second, 2u << 10 | 1);
}

TEST_F(PowerTest, Reboot_NoTables_TriesBothOldWays) {
  EXPECT_EQ(Code(power_reboot()), STATUS_UNSUPPORTED);
  EXPECT_EQ(writes, (Writes{{0xcf9, 6}, {0x64, 0xfe}}));
  EXPECT_EQ(announced, "R");
}

TEST_F(PowerTest, Reboot_ResetPort_ComesFirst) {
  tables::FadtFields fields;
  fields.reset_address = 0x777;
  fields.reset_value = 0x0f;
  Describe(fields);
  EXPECT_EQ(Code(power_reboot()), STATUS_UNSUPPORTED);
  EXPECT_EQ(writes, (Writes{{0x777, 0x0f}, {0xcf9, 6}, {0x64, 0xfe}}));
}

TEST_F(PowerTest, Reboot_ResetRegisterInMemory_IsWritten) {
  tables::FadtFields fields;
  fields.reset_space = 0;
  fields.reset_address = 0xfed80123;
  fields.reset_value = 0x5a;
  Describe(fields);
  EXPECT_EQ(Code(power_reboot()), STATUS_UNSUPPORTED);
  EXPECT_EQ(mapped_start.bytes, 0xfed80000u);
  EXPECT_EQ(page[0x123], 0x5a);
  EXPECT_EQ(mapped, 0);
}

TEST_F(PowerTest, Reboot_UnusableResetRegister_IsPassedOver) {
  tables::FadtFields without;
  without.flags = 0;
  tables::FadtFields nowhere;
  nowhere.reset_address = 0;
  tables::FadtFields far;
  far.reset_address = 0x10cf9;
  tables::FadtFields other_space;
  other_space.reset_space = 2;
  for (const tables::FadtFields &fields : {without, nowhere, far, other_space}) {
    writes.clear();
    Describe(fields);
    EXPECT_EQ(Code(power_reboot()), STATUS_UNSUPPORTED);
    EXPECT_EQ(writes, (Writes{{0xcf9, 6}, {0x64, 0xfe}}));
  }
}

// Whatever one byte is changed to: the machine is asked, or not; never a trap.
TEST_F(PowerTest, Off_AnyByteChanged_NeverTraps) {
  machine_.control = 1;
  Describe({});
  const std::vector<Bytes> sound = fake_tables;
  for (size_t table = 0; table < sound.size(); table++) {
    for (size_t i = 0; i < sound[table].size(); i++) {
      for (const uint8_t value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
        fake_tables = sound;
        fake_tables[table][i] = value;
        EXPECT_EQ(Code(power_off(0)), STATUS_UNSUPPORTED);
        EXPECT_EQ(Code(power_reboot()), STATUS_UNSUPPORTED);
      }
    }
  }
}

}  // namespace
