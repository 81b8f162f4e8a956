// SPDX-License-Identifier: MIT
#include "cells/acpi/acpi.h"

#include <gtest/gtest.h>

#include <cstring>
#include <list>
#include <string>
#include <vector>

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/log/log.h"
#include "testing/hardware/tables.h"
#include "testing/host/fake_core.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(acpi_tables, 8192);

namespace {

using tables::Bytes;

// Where the pieces of Sound() lie.
constexpr uint64_t kRoot = tables::kBase;
constexpr uint64_t kXsdt = kRoot + 0x400;
constexpr uint64_t kRsdt = kRoot + 0x800;
constexpr uint64_t kFadt = kRoot + 0xc00;
constexpr uint64_t kMadt = kRoot + 0x1000;
constexpr uint64_t kDsdt = kRoot + 0x1800;

tables::Memory memory;  // elsewhere it reads as all ones, as where nobody answers
std::list<Bytes> mapped;
std::vector<std::string> lines;
int refused_map;  // the number of the one that fails; 0: none
int maps;

uint32_t Code(status_t status) { return status.code; }

// Memory without devices.
class NoDevice : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t, int) override {
    ADD_FAILURE();
    return 0;
  }
  void WritePort(uint16_t, uint32_t, int) override { ADD_FAILURE(); }
  void WriteRegister(void *, uint64_t, int) override { ADD_FAILURE() << "nobody may write there"; }
};

void CopyOverlap(uint64_t start, Bytes *page) {
  for (const auto &[address, bytes] : memory) {
    for (size_t i = 0; i < bytes.size(); i++) {
      if (address + i >= start && address + i - start < page->size()) {
        (*page)[address + i - start] = bytes[i];
      }
    }
  }
}

}  // namespace

status_t blob_retain(text_t) { return OK; }

memory_result_t address_space_mapper_map_device(owner_t owner, paddr_t start, uint64_t bytes) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(owner.number, owner_self().value.number);
  if (bytes == 0 || start.bytes % kFrameBytes != 0 || bytes > UINT64_MAX - start.bytes ||
      start.bytes >> 40 != 0) {
    return {ERR(INVALID_ARGUMENT), nullptr};
  }
  if (++maps == refused_map) return {ERR(NO_MEMORY), nullptr};
  mapped.push_back(Bytes(bytes, 0xff));
  CopyOverlap(start.bytes, &mapped.back());
  return {OK, mapped.back().data()};
}

status_t address_space_mapper_unmap(owner_t, void *place) {
  for (auto i = mapped.begin(); i != mapped.end(); ++i) {
    if (i->data() != place) continue;
    mapped.erase(i);
    return OK;
  }
  ADD_FAILURE() << "unmapped what was not mapped";
  return ERR(INVALID_ARGUMENT);
}

status_t log_write(text_t source, text_t message) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(fake_string(source), "acpi");
  lines.push_back(fake_string(message));
  return OK;
}

namespace {

class AcpiTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Forget();
    memory = tables::Sound();
    host_device = &device_;
    fake_core().acpi_root = {kRoot};
  }
  void TearDown() override { Forget(); }

  // As after a reset.
  void Forget() {
    HOST_STATE_CLEAR(acpi_tables);
    fake_core() = {};
    memory.clear();
    mapped.clear();
    lines.clear();
    refused_map = maps = 0;
  }

  void Start() { ASSERT_EQ(Code(acpi_initialize()), STATUS_OK); }

  // Signatures of the list, those of unsound tables in brackets.
  std::string List() {
    std::string list;
    acpi_table_t table;
    for (uint64_t i = 0; status_is_ok(acpi_describe(i, &table)); i++) {
      if (!list.empty()) list += " ";
      list += table.sound ? table.signature : "[" + std::string(table.signature) + "]";
    }
    return list;
  }

  // What may be read sums up to zero, and is as long as it says.
  void ExpectOnlySoundOnes() {
    acpi_table_t table;
    for (uint64_t i = 0; status_is_ok(acpi_describe(i, &table)); i++) {
      Bytes bytes(table.sound ? table.bytes : 0);
      const status_t status = acpi_read(i, 0, {bytes.data(), bytes.size()});
      EXPECT_EQ(Code(status), table.sound ? STATUS_OK : STATUS_NOT_FOUND);
      uint8_t sum = 0;
      for (const uint8_t byte : bytes) sum = static_cast<uint8_t>(sum + byte);
      EXPECT_EQ(sum, 0);
    }
  }

  bool Said(const std::string &part) {
    for (const std::string &line : lines) {
      if (line.find(part) != std::string::npos) return true;
    }
    return false;
  }

  NoDevice device_;
};

TEST_F(AcpiTest, Initialize_SoundTables_ListsThemAndTheDsdt) {
  Start();
  EXPECT_EQ(List(), "XSDT FACP APIC HPET DSDT");
  EXPECT_EQ(lines, std::vector<std::string>{"root pointer at 0x70000"});
  EXPECT_EQ(mapped.size(), 5u) << "only sound tables stay mapped";
}

TEST_F(AcpiTest, Initialize_Again_LooksOnlyOnce) {
  Start();
  const int before = maps;
  Start();
  EXPECT_EQ(maps, before);
  EXPECT_EQ(lines.size(), 1u);
}

TEST_F(AcpiTest, Initialize_Version1_TakesTheRsdt) {
  memory[kRoot] = tables::Root(static_cast<uint32_t>(kRsdt), 0);
  Start();
  EXPECT_EQ(List(), "RSDT FACP APIC HPET DSDT");
}

TEST_F(AcpiTest, Initialize_BadXsdt_TakesTheRsdtAndSaysWhy) {
  memory[kXsdt][40] ^= 1;
  Start();
  EXPECT_EQ(List(), "[XSDT] RSDT FACP APIC HPET DSDT");
  EXPECT_TRUE(Said("the table XSDT at 0x70400 has a bad checksum and is ignored"));
}

TEST_F(AcpiTest, Initialize_ExtendedChecksumBad_TakesTheRsdt) {
  memory[kRoot][33] ^= 1;
  Start();
  EXPECT_EQ(List(), "RSDT FACP APIC HPET DSDT");
  EXPECT_TRUE(Said("extended part"));
}

TEST_F(AcpiTest, Initialize_ExtendedLengthNonsense_TakesTheRsdt) {
  for (const uint32_t length : {0u, 35u, 4097u, UINT32_MAX}) {
    HOST_STATE_CLEAR(acpi_tables);
    memory = tables::Sound();
    tables::Put(&memory[kRoot], 20, length, 4);
    Start();
    EXPECT_EQ(List(), "RSDT FACP APIC HPET DSDT") << length;
  }
}

TEST_F(AcpiTest, Initialize_RootTableOfAnotherName_IsNone) {
  memory[kXsdt] = tables::Table("SSDT", tables::Little(kMadt, 8));
  Start();
  EXPECT_EQ(List(), "SSDT RSDT FACP APIC HPET DSDT");
  EXPECT_TRUE(Said("stands where a root table should"));
}

TEST_F(AcpiTest, Initialize_BadTable_IsIgnoredAndNamed) {
  memory[kMadt][50] ^= 0x10;
  Start();
  EXPECT_EQ(List(), "XSDT FACP [APIC] HPET DSDT");
  EXPECT_TRUE(Said("the table APIC at 0x71000 has a bad checksum and is ignored"));
  EXPECT_EQ(Code(acpi_find(TEXT("APIC"), 0).status), STATUS_NOT_FOUND);
  EXPECT_EQ(mapped.size(), 4u);
}

TEST_F(AcpiTest, Initialize_LengthNonsense_IsIgnoredAndNamed) {
  for (const uint32_t length : {0u, 35u, (1u << 20) + 1, UINT32_MAX}) {
    HOST_STATE_CLEAR(acpi_tables);
    lines.clear();
    tables::Put(&memory[kMadt], tables::kLengthOffset, length, 4);
    Start();
    EXPECT_EQ(List(), "XSDT FACP [APIC] HPET DSDT") << length;
    EXPECT_TRUE(Said("the table APIC at 0x71000 has a length that makes no sense"));
  }
}

TEST_F(AcpiTest, Initialize_AddressNonsense_IsIgnoredAndNamed) {
  for (const uint64_t address : {UINT64_MAX, UINT64_MAX - 4095, UINT64_C(1) << 51}) {
    HOST_STATE_CLEAR(acpi_tables);
    memory[kXsdt] = tables::RootTable("XSDT", {address, kMadt});
    Start();
    EXPECT_EQ(List(), "XSDT [????] APIC") << address;
    EXPECT_TRUE(Said("cannot be mapped"));
  }
}

TEST_F(AcpiTest, Initialize_TablesNamedTwiceOrNull_AreListedOnce) {
  memory[kXsdt] = tables::RootTable("XSDT", {0, kMadt, kMadt, kXsdt, kRsdt, 0});
  Start();
  EXPECT_EQ(List(), "XSDT APIC RSDT");
}

TEST_F(AcpiTest, Initialize_TooManyTables_KeepsTheFirst) {
  std::vector<uint64_t> many;
  for (uint64_t i = 0; i < 100; i++) {
    many.push_back(0x100000 + 64 * i);
    memory[many.back()] = tables::Table("SSDT", {static_cast<uint8_t>(i)});
  }
  memory[kXsdt] = tables::RootTable("XSDT", many);
  Start();
  acpi_table_t table;
  EXPECT_EQ(Code(acpi_describe(kAcpiTables - 1, &table)), STATUS_OK);
  EXPECT_EQ(Code(acpi_describe(kAcpiTables, &table)), STATUS_END);
  EXPECT_TRUE(Said("more than 64 tables"));
  EXPECT_EQ(mapped.size(), static_cast<size_t>(kAcpiTables));
}

TEST_F(AcpiTest, Initialize_ExtendedDsdt_ComesFirst) {
  tables::FadtFields fields;
  fields.dsdt = 0x90000;
  fields.extended_dsdt = kDsdt;
  memory[kFadt] = tables::Fadt(fields);
  Start();
  EXPECT_EQ(List(), "XSDT FACP APIC HPET DSDT");
  EXPECT_EQ(Code(acpi_find(TEXT("DSDT"), 0).status), STATUS_OK);
}

TEST_F(AcpiTest, Initialize_ShortFadt_NamesTheOldDsdtOrNone) {
  tables::FadtFields fields;
  fields.dsdt = static_cast<uint32_t>(kDsdt);
  for (const size_t bytes : {116, 44, 43, 36}) {
    HOST_STATE_CLEAR(acpi_tables);
    fields.bytes = bytes;
    memory[kFadt] = tables::Fadt(fields);
    Start();
    EXPECT_EQ(List(), bytes >= 44 ? "XSDT FACP APIC HPET DSDT" : "XSDT FACP APIC HPET") << bytes;
  }
}

TEST_F(AcpiTest, Root_NotHandedOver_IsFoundInTheFirmware) {
  fake_core().acpi_root = {};
  memory[0xfffe0] = tables::Root(static_cast<uint32_t>(kRsdt), 0);
  Start();
  EXPECT_EQ(List(), "RSDT FACP APIC HPET DSDT");
  EXPECT_TRUE(Said("root pointer at 0xfffe0"));
}

TEST_F(AcpiTest, Root_InTheExtendedArea_IsFound) {
  fake_core().acpi_root = {};
  memory[0x40e] = tables::Little(0x9fc0, 2);
  memory[0x9fff0 - 0x10] = tables::Root(static_cast<uint32_t>(kRsdt), 0);
  Start();
  EXPECT_EQ(List(), "RSDT FACP APIC HPET DSDT");
}

TEST_F(AcpiTest, Root_BadOneBeforeAGoodOne_IsPassedOver) {
  fake_core().acpi_root = {};
  memory[0xe0010] = tables::Root(0x1234, 0);
  memory[0xe0010][8] ^= 1;
  memory[0xe0040] = tables::Root(static_cast<uint32_t>(kRsdt), 0);
  Start();
  EXPECT_TRUE(Said("the root pointer at 0xe0010 has a bad checksum and is ignored"));
  EXPECT_EQ(List(), "RSDT FACP APIC HPET DSDT");
}

TEST_F(AcpiTest, Root_HandedOverWrong_IsSearched) {
  fake_core().acpi_root = {0x5000};
  memory[0xf0000] = tables::Root(static_cast<uint32_t>(kRsdt), 0);
  Start();
  EXPECT_TRUE(Said("the boot loader names a root pointer at 0x5000 that is none"));
  EXPECT_EQ(List(), "RSDT FACP APIC HPET DSDT");
}

TEST_F(AcpiTest, Root_NamedByTheCommandLine_ComesFirst) {
  fake_core().acpi_root = {0x5000};
  fake_core().values["acpi_root"] = "0x70000";
  Start();
  EXPECT_EQ(List(), "XSDT FACP APIC HPET DSDT");
}

TEST_F(AcpiTest, Root_NamedWrongByTheCommandLine_IsNone) {
  for (const char *value : {"", "nonsense", "0x5000", "0xffffffffffffffff", "1"}) {
    HOST_STATE_CLEAR(acpi_tables);
    lines.clear();
    fake_core().values["acpi_root"] = value;
    Start();
    EXPECT_EQ(List(), "") << value;
    EXPECT_TRUE(Said("acpi_root= names no sound root pointer")) << value;
    EXPECT_TRUE(Said("no usable tables; the usual places of a PC are assumed"));
  }
}

TEST_F(AcpiTest, Root_Nowhere_SaysSoInOneLine) {
  memory.clear();
  fake_core().acpi_root = {};
  Start();
  EXPECT_EQ(lines,
            std::vector<std::string>{"no usable tables; the usual places of a PC are assumed"});
  EXPECT_TRUE(mapped.empty());
  EXPECT_EQ(Code(acpi_find(TEXT("APIC"), 0).status), STATUS_NOT_FOUND);
}

TEST_F(AcpiTest, Off_ByTheCommandLine_LooksAtNothing) {
  fake_core().options = {"acpi=off"};
  Start();
  EXPECT_EQ(maps, 0);
  EXPECT_EQ(List(), "");
  EXPECT_TRUE(Said("off by the command line"));
}

TEST_F(AcpiTest, Initialize_MapperFailsAtAnyPoint_KeepsNothingHalf) {
  Start();
  const int all = maps;
  for (int fail = 1; fail <= all; fail++) {
    HOST_STATE_CLEAR(acpi_tables);
    mapped.clear();
    maps = 0;
    refused_map = fail;
    Start();
    size_t sound = 0;
    acpi_table_t table;
    for (uint64_t i = 0; status_is_ok(acpi_describe(i, &table)); i++) sound += table.sound;
    EXPECT_EQ(mapped.size(), sound) << fail;
  }
}

TEST_F(AcpiTest, Read_Parts_AreThoseOfTheTable) {
  Start();
  const u64_result_t place = acpi_find(TEXT("APIC"), 0);
  ASSERT_EQ(Code(place.status), STATUS_OK);
  const Bytes &madt = memory[kMadt];
  Bytes all(madt.size());
  EXPECT_EQ(Code(acpi_read(place.value, 0, {all.data(), all.size()})), STATUS_OK);
  EXPECT_EQ(all, madt);
  uint8_t last = 0;
  EXPECT_EQ(Code(acpi_read(place.value, madt.size() - 1, {&last, 1})), STATUS_OK);
  EXPECT_EQ(last, madt.back());
}

TEST_F(AcpiTest, Read_Outside_IsOutOfRangeAndChangesNothing) {
  Start();
  const uint64_t place = acpi_find(TEXT("APIC"), 0).value;
  const uint64_t size = memory[kMadt].size();
  uint8_t bytes[4] = {1, 2, 3, 4};
  for (const uint64_t offset : {size - 3, size, size + 1, UINT64_MAX - 1, UINT64_MAX}) {
    EXPECT_EQ(Code(acpi_read(place, offset, {bytes, 4})), STATUS_OUT_OF_RANGE) << offset;
  }
  EXPECT_EQ(Code(acpi_read(999, 0, {bytes, 4})), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(acpi_read(UINT64_MAX, 0, {bytes, 4})), STATUS_NOT_FOUND);
  EXPECT_EQ(bytes[0] + bytes[3], 5);
}

TEST_F(AcpiTest, Find_SeveralOfOneSignature_AreCounted) {
  memory[kXsdt] = tables::RootTable("XSDT", {0x100000, kMadt, 0x100100});
  memory[0x100000] = tables::Table("SSDT", {1});
  memory[0x100100] = tables::Table("SSDT", {2});
  Start();
  uint8_t body = 0;
  EXPECT_EQ(Code(acpi_read(acpi_find(TEXT("SSDT"), 1).value, 36, {&body, 1})), STATUS_OK);
  EXPECT_EQ(body, 2);
  EXPECT_EQ(Code(acpi_find(TEXT("SSDT"), 2).status), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(acpi_find(TEXT("SSD"), 0).status), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(acpi_find(TEXT(""), 0).status), STATUS_INVALID_ARGUMENT);
}

// Whatever one byte is changed to: an answer, never a trap, and only sound tables are kept.
TEST_F(AcpiTest, Initialize_AnyByteChanged_NeverTraps) {
  const tables::Memory sound = tables::Sound();
  for (const auto &[address, bytes] : sound) {
    for (size_t i = 0; i < bytes.size(); i++) {
      for (const uint8_t change : {0x01, 0x80, 0xff}) {
        HOST_STATE_CLEAR(acpi_tables);
        mapped.clear();
        lines.clear();
        memory = sound;
        memory[address][i] ^= change;
        ASSERT_EQ(Code(acpi_initialize()), STATUS_OK);
        ExpectOnlySoundOnes();
        EXPECT_LE(mapped.size(), 6u);
      }
    }
  }
}

}  // namespace
