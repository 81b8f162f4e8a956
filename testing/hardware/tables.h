// SPDX-License-Identifier: MIT
/// @file
/// ACPI tables built by hand, for tests: sound ones, from which each test makes its own kind of
/// unsound one.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tables {

using Bytes = std::vector<uint8_t>;

constexpr size_t kHeaderBytes = 36;
constexpr size_t kLengthOffset = 4;
constexpr size_t kChecksumOffset = 9;

/// Stores `value` in `bytes` bytes from `offset` on, the lowest first; grows the table for that.
inline void Put(Bytes *table, size_t offset, uint64_t value, size_t bytes) {
  if (table->size() < offset + bytes) table->resize(offset + bytes);
  for (size_t i = 0; i < bytes; i++) (*table)[offset + i] = static_cast<uint8_t>(value >> 8 * i);
}

inline Bytes Little(uint64_t value, size_t bytes) {
  Bytes result;
  Put(&result, 0, value, bytes);
  return result;
}

inline void Append(Bytes *to, const Bytes &more) {
  to->insert(to->end(), more.begin(), more.end());
}

/// Sets the byte at `checksum` so that the first `count` bytes sum up to zero.
inline void SetChecksum(Bytes *bytes, size_t checksum, size_t count) {
  uint8_t sum = 0;
  (*bytes)[checksum] = 0;
  for (size_t i = 0; i < count; i++) sum = static_cast<uint8_t>(sum + (*bytes)[i]);
  (*bytes)[checksum] = static_cast<uint8_t>(-sum);
}

/// Makes length and checksum of a table right.
inline void Seal(Bytes *table) {
  Put(table, kLengthOffset, table->size(), 4);
  SetChecksum(table, kChecksumOffset, table->size());
}

/// A table of what follows its header.
inline Bytes Table(const std::string &signature, const Bytes &body) {
  Bytes table(signature.begin(), signature.end());
  table.resize(kHeaderBytes, ' ');
  table[8] = 1;
  Append(&table, body);
  Seal(&table);
  return table;
}

/// The root pointer; of version 1 where `xsdt` is 0.
inline Bytes Root(uint32_t rsdt, uint64_t xsdt) {
  const std::string signature = "RSD PTR ";
  Bytes root(signature.begin(), signature.end());
  Put(&root, 15, xsdt != 0 ? 2 : 0, 1);
  Put(&root, 16, rsdt, 4);
  SetChecksum(&root, 8, 20);
  if (xsdt == 0) return root;
  Put(&root, 20, 36, 4);
  Put(&root, 24, xsdt, 8);
  Put(&root, 32, 0, 4);
  SetChecksum(&root, 32, 36);
  return root;
}

/// A root table that names `addresses`: XSDT with 8 bytes each, RSDT with 4.
inline Bytes RootTable(const std::string &signature, const std::vector<uint64_t> &addresses) {
  Bytes body;
  for (const uint64_t address : addresses)
    Append(&body, Little(address, signature == "XSDT" ? 8 : 4));
  return Table(signature, body);
}

// Entries of the MADT.
inline Bytes Processor(uint8_t apic, uint32_t flags) {
  Bytes entry = {0, 8, apic, apic};
  Append(&entry, Little(flags, 4));
  return entry;
}

inline Bytes ExtendedProcessor(uint32_t apic, uint32_t flags) {
  Bytes entry = {9, 16, 0, 0};
  for (const uint32_t value : {apic, flags, apic}) Append(&entry, Little(value, 4));
  return entry;
}

inline Bytes Controller(uint8_t number, uint32_t address, uint32_t base) {
  Bytes entry = {1, 12, number, 0};
  Append(&entry, Little(address, 4));
  Append(&entry, Little(base, 4));
  return entry;
}

inline Bytes Override(uint8_t line, uint32_t global, uint16_t flags) {
  Bytes entry = {2, 10, 0, line};
  Append(&entry, Little(global, 4));
  Append(&entry, Little(flags, 2));
  return entry;
}

inline Bytes Madt(const std::vector<Bytes> &entries) {
  Bytes body = Little(0xfee00000, 4);
  Append(&body, Little(1, 4));
  for (const Bytes &entry : entries) Append(&body, entry);
  return Table("APIC", body);
}

inline Bytes Hpet(uint64_t address, uint8_t space = 0) {
  Bytes body = Little(0x8086a201, 4);
  Append(&body, {space, 64, 0, 0});
  Append(&body, Little(address, 8));
  Append(&body, {0, 0, 0, 0});
  return Table("HPET", body);
}

/// The fields of an FADT that somebody looks at.
struct FadtFields {
  uint32_t dsdt = 0;
  uint64_t extended_dsdt = 0;
  uint32_t smi_port = 0xb2;
  uint8_t enable_value = 2;
  uint32_t control_a = 0x604;
  uint32_t control_b = 0;
  uint8_t century = 0x32;
  uint32_t flags = 1 << 10;
  uint8_t reset_space = 1;
  uint64_t reset_address = 0xcf9;
  uint8_t reset_value = 0x0f;
  uint64_t extended_control_a = 0;
  size_t bytes = 244;
};

inline Bytes Fadt(const FadtFields &fields) {
  Bytes table = Table("FACP", Bytes(244 - kHeaderBytes));
  Put(&table, 40, fields.dsdt, 4);
  Put(&table, 48, fields.smi_port, 4);
  Put(&table, 52, fields.enable_value, 1);
  Put(&table, 64, fields.control_a, 4);
  Put(&table, 68, fields.control_b, 4);
  Put(&table, 108, fields.century, 1);
  Put(&table, 112, fields.flags, 4);
  Put(&table, 116, fields.reset_space, 1);
  Put(&table, 120, fields.reset_address, 8);
  Put(&table, 128, fields.reset_value, 1);
  Put(&table, 140, fields.extended_dsdt, 8);
  Put(&table, 172, 1, 1);
  Put(&table, 176, fields.extended_control_a, 8);
  table.resize(fields.bytes);
  Seal(&table);
  return table;
}

/// A definition `Name (_S5_, Package () { a, b, 0, 0 })`.
inline Bytes SleepDefinition(uint8_t a, uint8_t b) {
  return {0x08, '_', 'S', '5', '_', 0x12, 0x08, 0x04, 0x0a, a, 0x0a, b, 0x00, 0x00};
}

inline Bytes Dsdt(const Bytes &aml) { return Table("DSDT", aml); }

/// A whole machine's tables, by physical address.
using Memory = std::map<uint64_t, Bytes>;

constexpr uint64_t kBase = 0x70000;

/// Root pointer, XSDT and RSDT, FADT, MADT of four processors, HPET, DSDT from `base` on.
inline Memory Sound(uint64_t base = kBase) {
  const auto at = [base](int place) { return base + 0x400 * static_cast<uint64_t>(place); };
  const std::vector<uint64_t> named = {at(3), at(4), at(5)};
  FadtFields fadt;
  fadt.dsdt = static_cast<uint32_t>(at(6));
  Bytes aml(300, 0x10);
  Append(&aml, SleepDefinition(5, 6));
  Memory memory;
  memory[at(0)] = Root(static_cast<uint32_t>(at(2)), at(1));
  memory[at(1)] = RootTable("XSDT", named);
  memory[at(2)] = RootTable("RSDT", named);
  memory[at(3)] = Fadt(fadt);
  memory[at(4)] = Madt({Processor(0, 1), Processor(1, 1), Processor(2, 2), Processor(3, 0),
                        Controller(0, 0xfec00000, 0), Override(0, 2, 0), Override(9, 9, 0xd)});
  memory[at(5)] = Hpet(0xfed00000);
  memory[at(6)] = Dsdt(aml);
  return memory;
}

/// The tables as one image that begins at `base`.
inline Bytes Image(const Memory &memory, uint64_t base = kBase) {
  Bytes image;
  for (const auto &[address, bytes] : memory) {
    if (address < base) continue;
    image.resize(address - base);
    Append(&image, bytes);
  }
  return image;
}

}  // namespace tables
