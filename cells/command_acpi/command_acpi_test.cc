// SPDX-License-Identifier: MIT
#include "cells/command_acpi/command_acpi.h"

#include "cells/acpi/acpi.h"
#include "testing/host/command_test.h"

namespace {

std::vector<acpi_table_t> list;
status_t acpi_status = OK;

acpi_table_t Table(const char *signature, uint64_t start, uint32_t bytes, bool sound) {
  acpi_table_t table = {};
  memcpy(table.signature, signature, 4);
  table.start.bytes = start;
  table.bytes = bytes;
  table.sound = sound;
  return table;
}

}  // namespace

status_t acpi_describe(uint64_t index, acpi_table_t *table) {
  if (!status_is_ok(acpi_status)) return acpi_status;
  if (index >= list.size()) return ERR(END);
  *table = list[index];
  return OK;
}

namespace {

using CommandAcpiTest = CommandTest;

TEST_F(CommandAcpiTest, Acpi_Tables_AreRows) {
  list = {Table("XSDT", 0x7fe1000, 84, true), Table("APIC", 0x7fe2000, UINT32_MAX, false)};
  const CommandAnswer answer = Run(command_acpi_step, "acpi");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "SIGNATURE ADDRESS            BYTES    CHECKSUM\n"
            "XSDT      0x0000000007fe1000 84       ok\n"
            "APIC      0x0000000007fe2000 4294967295 bad\n");
}

TEST_F(CommandAcpiTest, Acpi_SixtyFourTables_AreAllThere) {
  list.assign(64, Table("SSDT", 0x1000, 36, true));
  const CommandAnswer answer = Run(command_acpi_step, "acpi");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 65);
}

TEST_F(CommandAcpiTest, Acpi_NoTables_IsTheHeader) {
  list.clear();
  EXPECT_STATUS(OK, Run(command_acpi_step, "acpi").status);
}

TEST_F(CommandAcpiTest, Acpi_CellGone_IsUnavailable) {
  acpi_status = ERR(UNAVAILABLE);
  EXPECT_STATUS(UNAVAILABLE, Run(command_acpi_step, "acpi").status);
  acpi_status = OK;
}

TEST_F(CommandAcpiTest, Acpi_Arguments_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_acpi_step, "acpi x").status);
}

}  // namespace
