// SPDX-License-Identifier: MIT
/// @file
/// The cell `acpi` for host tests of its clients: serves the tables that the test has put into
/// `fake_tables`, unchecked. Include it in one source of a test.
#pragma once
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "cells/acpi/acpi.h"
#include "testing/hardware/tables.h"
#include "testing/host/state.h"

inline std::vector<tables::Bytes> fake_tables;

/// What the cell answers instead, UNAVAILABLE for instance.
inline status_t fake_acpi_status = {STATUS_OK};

inline std::string FakeSignature(const tables::Bytes &table) {
  return std::string(table.begin(), table.begin() + std::min<size_t>(4, table.size()));
}

status_t acpi_describe(uint64_t index, acpi_table_t *table) {
  if (host_monitor_depth() != 0) TRAP();
  if (!status_is_ok(fake_acpi_status)) return fake_acpi_status;
  if (index >= fake_tables.size()) return ERR(END);
  *table = {};
  std::memcpy(table->signature, FakeSignature(fake_tables[index]).c_str(), 4);
  table->start.bytes = 0x1000 * (index + 1);
  table->bytes = static_cast<uint32_t>(fake_tables[index].size());
  table->sound = 1;
  return OK;
}

u64_result_t acpi_find(text_t signature, uint64_t index) {
  if (host_monitor_depth() != 0) TRAP();
  if (!status_is_ok(fake_acpi_status)) return {fake_acpi_status, 0};
  const std::string wanted(signature.data, signature.length);
  for (size_t i = 0; i < fake_tables.size(); i++) {
    if (FakeSignature(fake_tables[i]) == wanted && index-- == 0) return {OK, i};
  }
  return {ERR(NOT_FOUND), 0};
}

status_t acpi_read(uint64_t place, uint64_t offset, byte_span_t buffer) {
  if (host_monitor_depth() != 0) TRAP();
  if (!status_is_ok(fake_acpi_status)) return fake_acpi_status;
  if (place >= fake_tables.size()) return ERR(NOT_FOUND);
  const tables::Bytes &table = fake_tables[place];
  if (offset > table.size() || buffer.length > table.size() - offset) return ERR(OUT_OF_RANGE);
  std::copy_n(table.begin() + static_cast<ptrdiff_t>(offset), buffer.length, buffer.data);
  return OK;
}
