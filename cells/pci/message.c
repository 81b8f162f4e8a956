// SPDX-License-Identifier: MIT
// Interrupts by message: MSI and MSI-X.
#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/pci/access.h"
#include "nano_core/api/mmio.h"

enum {
  kControl = 2,  // offsets in a capability
  kMessageTarget = 4,
  kMessageTargetHigh = 8,
  kMessageEnable = 1 << 0,
  kMessageWide = 1 << 7,
  kMessageMany = 7 << 4,
  kTable = 4,
  kTablesEnable = 1 << 15,
  kTablesMask = 1 << 14,
  kTableSize = 0x7ff,
  kTableBar = 7,
  kEntryBytes = 16,
  kEntryTargetHigh = 4,  // offsets in an entry of the table
  kEntryData = 8,
  kEntryMask = 12,
};

// Where entry number `entry` of the table lies. IO_ERROR: outside of the range that it is said to
// be in, or the range has no place.
static u64_result_t place_of_entry(pci_address_t address, uint32_t table, uint64_t entry) {
  pci_bar_t bar = {};
  u64_result_t result = {.status = pci_bar(address, table & kTableBar, &bar)};
  const uint64_t offset = (table & ~(uint32_t)kTableBar) + entry * kEntryBytes;
  const bool is_right = status_is_ok(result.status) && bar.kind != kPciBarPorts && bar.start != 0 &&
                        offset + kEntryBytes <= bar.bytes;
  if (!is_right) return (u64_result_t){.status = ERR(IO_ERROR)};
  result.value = bar.start + offset;
  return result;
}

static void write_entry(byte_span_t entry, uint64_t target, uint32_t data) {
  mmio_write32(entry, kEntryMask, 1);
  mmio_write32(entry, 0, (uint32_t)target);
  mmio_write32(entry, kEntryTargetHigh, (uint32_t)(target >> 32));
  mmio_write32(entry, kEntryData, data);
  mmio_write32(entry, kEntryMask, 0);
}

// The table is mapped for as long as this takes.
static status_t set_entry(uint64_t place, uint64_t target, uint32_t data) {
  const owner_result_t owner = owner_self();
  TRY(owner.status);
  const uint64_t offset = place % kFrameBytes;
  const memory_result_t memory =
      address_space_mapper_map_device(owner.value, (paddr_t){place - offset}, offset + kEntryBytes);
  TRY(memory.status);
  const byte_span_t page = {memory.value, offset + kEntryBytes};
  write_entry(byte_span_slice(page, offset, kEntryBytes), target, data);
  return address_space_mapper_unmap(owner.value, memory.value);
}

static status_t set_control(pci_address_t address, uint64_t capability, uint32_t off, uint32_t on) {
  const u32_result_t control = pci_read(address, capability + kControl, 2);
  TRY(control.status);
  return pci_write(address, capability + kControl, 2, (control.value & ~off) | on);
}

static status_t set_by_table(pci_address_t address, uint64_t capability, uint64_t entry,
                             uint64_t target, uint32_t data) {
  const u32_result_t control = pci_read(address, capability + kControl, 2);
  TRY(control.status);
  const u32_result_t table = pci_read(address, capability + kTable, 4);
  TRY(table.status);
  if (entry > (control.value & kTableSize)) return ERR(OUT_OF_RANGE);
  const u64_result_t place = place_of_entry(address, table.value, entry);
  TRY(place.status);
  TRY(set_entry(place.value, target, data));
  return set_control(address, capability, kTablesMask, kTablesEnable);
}

static status_t set_by_registers(pci_address_t address, uint64_t capability, uint64_t entry,
                                 uint64_t target, uint64_t data) {
  const u32_result_t control = pci_read(address, capability + kControl, 2);
  TRY(control.status);
  const bool is_wide = (control.value & kMessageWide) != 0;
  if (entry != 0 || data > UINT16_MAX || (!is_wide && target > UINT32_MAX))
    return ERR(OUT_OF_RANGE);
  TRY(pci_write(address, capability + kMessageTarget, 4, target & UINT32_MAX));
  if (is_wide) TRY(pci_write(address, capability + kMessageTargetHigh, 4, target >> 32));
  TRY(pci_write(address, capability + (is_wide ? 12 : 8), 2, data));
  return set_control(address, capability, kMessageMany, kMessageEnable);
}

static status_t set_message(pci_address_t address, uint64_t entry, uint64_t target, uint64_t data) {
  const u64_result_t tables = pci_capability(address, kPciCapabilityMessages, 0);
  if (status_is_ok(tables.status)) {
    return set_by_table(address, tables.value, entry, target, (uint32_t)data);
  }
  if (!status_is(tables.status, STATUS_NOT_FOUND)) return tables.status;
  const u64_result_t message = pci_capability(address, kPciCapabilityMessage, 0);
  if (status_is(message.status, STATUS_NOT_FOUND)) return ERR(UNSUPPORTED);
  TRY(message.status);
  return set_by_registers(address, message.value, entry, target, data);
}

status_t pci_set_message(pci_address_t address, uint64_t entry, uint64_t target, uint64_t data) {
  if (target % 4 != 0 || data > UINT32_MAX) return ERR(OUT_OF_RANGE);
  const u32_result_t command = pci_read(address, kPciCommandOffset, 2);
  TRY(command.status);
  TRY(set_message(address, entry, target, data));
  return pci_write(address, kPciCommandOffset, 2, command.value | kPciCommandNoPin);
}
