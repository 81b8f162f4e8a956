// SPDX-License-Identifier: MIT
#include "cells/acpi_madt/acpi_madt.h"

#include <gtest/gtest.h>

#include "testing/hardware/fake_acpi.h"

namespace {

using tables::Bytes;

uint32_t Code(status_t status) { return status.code; }

class AcpiMadtTest : public ::testing::Test {
 protected:
  void SetUp() override { fake_acpi_status = OK; }

  static void Serve(const Bytes &madt) { fake_tables = {madt}; }

  // Reads to the end. Cursors must grow, so it comes.
  status_t ReadAll() {
    entries_.clear();
    uint64_t cursor = 0;
    for (;;) {
      acpi_madt_entry_t entry = {};
      const u64_result_t next = acpi_madt_next(cursor, &entry);
      if (!status_is_ok(next.status)) return next.status;
      EXPECT_GT(next.value, cursor);
      EXPECT_LE(next.value, fake_tables[0].size());
      cursor = next.value;
      entries_.push_back(entry);
    }
  }

  std::vector<acpi_madt_entry_t> entries_;
};

TEST_F(AcpiMadtTest, Next_EveryKind_IsDecoded) {
  Serve(tables::Madt({tables::Processor(3, 1), tables::Controller(1, 0xfec01000, 24),
                      tables::Override(9, 20, 0xf), tables::ExtendedProcessor(0x12345, 2)}));
  EXPECT_EQ(Code(ReadAll()), STATUS_END);
  ASSERT_EQ(entries_.size(), 4u);
  EXPECT_EQ(entries_[0].kind, static_cast<uint32_t>(kAcpiMadtProcessor));
  EXPECT_EQ(entries_[0].number, 3u);
  EXPECT_EQ(entries_[0].flags, 1u);
  EXPECT_EQ(entries_[1].kind, static_cast<uint32_t>(kAcpiMadtController));
  EXPECT_EQ(entries_[1].number, 1u);
  EXPECT_EQ(entries_[1].address.bytes, 0xfec01000u);
  EXPECT_EQ(entries_[1].global, 24u);
  EXPECT_EQ(entries_[2].kind, static_cast<uint32_t>(kAcpiMadtOverride));
  EXPECT_EQ(entries_[2].number, 9u);
  EXPECT_EQ(entries_[2].global, 20u);
  EXPECT_EQ(entries_[2].flags, 0xfu);
  EXPECT_EQ(entries_[3].kind, static_cast<uint32_t>(kAcpiMadtProcessor));
  EXPECT_EQ(entries_[3].number, 0x12345u);
  EXPECT_EQ(entries_[3].flags, 2u);
}

TEST_F(AcpiMadtTest, Next_UnknownKinds_ArePassedOver) {
  Serve(tables::Madt({{4, 6, 0, 0, 0, 1}, {0x7f, 2}, tables::Processor(5, 1), {0x80, 3, 9}}));
  EXPECT_EQ(Code(ReadAll()), STATUS_END);
  ASSERT_EQ(entries_.size(), 1u);
  EXPECT_EQ(entries_[0].number, 5u);
}

TEST_F(AcpiMadtTest, Next_NoTable_IsNotFound) {
  fake_tables = {};
  EXPECT_EQ(Code(ReadAll()), STATUS_NOT_FOUND);
  fake_acpi_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(ReadAll()), STATUS_UNAVAILABLE);
}

TEST_F(AcpiMadtTest, Next_TableWithoutEntries_IsAtItsEnd) {
  Serve(tables::Madt({}));
  EXPECT_EQ(Code(ReadAll()), STATUS_END);
  Serve(tables::Table("APIC", {}));
  EXPECT_EQ(Code(ReadAll()), STATUS_END);
}

TEST_F(AcpiMadtTest, Next_NonsenseLength_EndsTheList) {
  // No length, too short for its kind, past the end, half an entry.
  for (const Bytes &bad : {Bytes{0x55, 0}, Bytes{0x55, 1, 9}, Bytes{0, 7, 1, 1, 1, 0, 0},
                           Bytes{0x55, 3}, Bytes{1, 255, 0, 0}, Bytes{0, 8, 1}, Bytes{9}}) {
    Serve(tables::Madt({tables::Processor(1, 1), bad}));
    EXPECT_EQ(Code(ReadAll()), STATUS_IO_ERROR) << static_cast<int>(bad[0]);
    EXPECT_EQ(entries_.size(), 1u);
  }
}

TEST_F(AcpiMadtTest, Next_ForeignCursor_IsAnAnswer) {
  Serve(tables::Madt({tables::Processor(1, 1)}));
  acpi_madt_entry_t entry;
  for (const uint64_t cursor :
       {UINT64_C(1), UINT64_C(43), UINT64_C(45), UINT64_MAX - 1, UINT64_MAX}) {
    const status_t status = acpi_madt_next(cursor, &entry).status;
    EXPECT_TRUE(status_is_ok(status) || status_is(status, STATUS_END) ||
                status_is(status, STATUS_IO_ERROR))
        << cursor;
  }
}

TEST_F(AcpiMadtTest, Next_AnyByteChanged_ComesToAnEnd) {
  const Bytes sound = tables::Madt({tables::Processor(0, 1),
                                    tables::Controller(0, 0xfec00000, 0),
                                    {4, 6, 0, 0, 0, 1},
                                    tables::Override(0, 2, 0),
                                    tables::ExtendedProcessor(300, 1)});
  for (size_t i = 0; i < sound.size(); i++) {
    for (int value = 0; value < 256; value++) {
      Bytes changed = sound;
      changed[i] = static_cast<uint8_t>(value);
      Serve(changed);
      const status_t status = ReadAll();
      ASSERT_TRUE(status_is(status, STATUS_END) || status_is(status, STATUS_IO_ERROR) ||
                  status_is(status, STATUS_NOT_FOUND))
          << i;
    }
  }
}

}  // namespace
