// SPDX-License-Identifier: MIT
#include "cells/processors/processors.h"

#include <gtest/gtest.h>

#include <vector>

#include "cells/acpi_madt/acpi_madt.h"
#include "cells/address_space_mapper/address_space_mapper.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(processors_boot, 256);

namespace {

std::vector<acpi_madt_entry_t> entries;
status_t madt_end = {STATUS_END};
status_t map_status = {STATUS_OK};
alignas(8) unsigned char registers[0x400];
int mapped;

uint32_t Code(status_t status) { return status.code; }

class Local : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t, int) override { return 0; }
  void WritePort(uint16_t, uint32_t, int) override { ADD_FAILURE(); }
  uint64_t ReadRegister(void *place, int bytes) override {
    EXPECT_EQ(place, registers + 0x20);
    EXPECT_EQ(bytes, 4);
    return uint64_t{number} << 24;
  }
  uint32_t number = 0;
};

acpi_madt_entry_t Entry(uint32_t number, uint32_t flags) {
  acpi_madt_entry_t entry = {};
  entry.kind = kAcpiMadtProcessor;
  entry.number = number;
  entry.flags = flags;
  return entry;
}

}  // namespace

owner_result_t owner_self(void) { return {OK, {4}}; }

memory_result_t address_space_mapper_map_device(owner_t, paddr_t start, uint64_t bytes) {
  EXPECT_EQ(start.bytes, 0xfee00000u);
  EXPECT_EQ(bytes, sizeof(registers));
  mapped++;
  return {map_status, registers};
}

status_t address_space_mapper_unmap(owner_t, void *) {
  mapped--;
  return OK;
}

u64_result_t acpi_madt_next(uint64_t cursor, acpi_madt_entry_t *entry) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  const uint64_t index = cursor <= 1 ? 0 : cursor - 1;
  if (index >= entries.size()) return {madt_end, 0};
  *entry = entries[index];
  return {OK, index + 2};
}

namespace {

class ProcessorsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(processors_boot);
    host_device = &local_;
    entries.clear();
    madt_end = ERR(END);
    map_status = OK;
    mapped = 0;
  }

  // Reads to the end.
  status_t List() {
    list_.clear();
    for (uint64_t cursor = 0;;) {
      processor_t processor = {};
      const u64_result_t next = processors_next(cursor, &processor);
      if (!status_is_ok(next.status)) return next.status;
      EXPECT_GT(next.value, cursor);
      cursor = next.value;
      list_.push_back({processor.apic, processor.state});
    }
  }

  Local local_;
  std::vector<std::pair<uint32_t, uint32_t>> list_;
};

using Row = std::pair<uint32_t, uint32_t>;

TEST_F(ProcessorsTest, Initialize_Always_LeavesNothingMapped) {
  local_.number = 0xab;
  ASSERT_EQ(Code(processors_initialize()), STATUS_OK);
  EXPECT_EQ(processors_boot_number().value, 0xabu);
  EXPECT_EQ(mapped, 0);
}

TEST_F(ProcessorsTest, Initialize_MapperGone_TellsWhy) {
  map_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(processors_initialize()), STATUS_UNAVAILABLE);
}

TEST_F(ProcessorsTest, Next_NoFirmwareList_IsTheOneThatRuns) {
  madt_end = ERR(NOT_FOUND);
  ASSERT_EQ(Code(processors_initialize()), STATUS_OK);
  EXPECT_EQ(Code(List()), STATUS_END);
  EXPECT_EQ(list_, (std::vector<Row>{{0, kProcessorRunning}}));
}

TEST_F(ProcessorsTest, Next_EachKind_HasItsState) {
  local_.number = 2;
  ASSERT_EQ(Code(processors_initialize()), STATUS_OK);
  entries = {Entry(0, 1), Entry(2, 1), Entry(4, 2), Entry(6, 0), Entry(300, 3), Entry(8, ~1u)};
  EXPECT_EQ(Code(List()), STATUS_END);
  EXPECT_EQ(list_, (std::vector<Row>{{2, kProcessorRunning},
                                     {0, kProcessorIdle},
                                     {4, kProcessorAbsent},
                                     {6, kProcessorDisabled},
                                     {300, kProcessorIdle},
                                     {8, kProcessorAbsent}}));
}

TEST_F(ProcessorsTest, Next_NumbersOfEverybodyAndOtherEntries_AreLeftOut) {
  ASSERT_EQ(Code(processors_initialize()), STATUS_OK);
  entries = {Entry(0xff, 1), Entry(UINT32_MAX, 1), Entry(7, 1)};
  entries.push_back({});
  entries.back().kind = kAcpiMadtController;
  EXPECT_EQ(Code(List()), STATUS_END);
  EXPECT_EQ(list_, (std::vector<Row>{{0, kProcessorRunning}, {7, kProcessorIdle}}));
}

TEST_F(ProcessorsTest, Next_AThousand_AreAllThere) {
  ASSERT_EQ(Code(processors_initialize()), STATUS_OK);
  for (uint32_t i = 0; i < 1000; i++) entries.push_back(Entry(i, 1));
  EXPECT_EQ(Code(List()), STATUS_END);
  EXPECT_EQ(list_.size(), 999u);  // 0 runs, 255 is nobody's number
}

TEST_F(ProcessorsTest, Next_NonsenseAtTheEnd_IsIoErrorAfterTheGoodOnes) {
  madt_end = ERR(IO_ERROR);
  ASSERT_EQ(Code(processors_initialize()), STATUS_OK);
  entries = {Entry(1, 1)};
  EXPECT_EQ(Code(List()), STATUS_IO_ERROR);
  EXPECT_EQ(list_.size(), 2u);
}

}  // namespace
