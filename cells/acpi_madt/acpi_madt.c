// SPDX-License-Identifier: MIT
#include "cells/acpi_madt/acpi_madt.h"

#include "cells/acpi/acpi.h"

enum {
  kFirstEntry = 44,
  kHeadBytes = 2,  // of each entry: type and length
  kLongestKnown = 16,
  kTypeProcessor = 0,
  kTypeController = 1,
  kTypeOverride = 2,
  kTypeExtendedProcessor = 9,
};

// An entry of a known type, and how many of its bytes were read.
typedef struct raw_entry {
  uint8_t bytes[kLongestKnown];
  uint64_t length;
} raw_entry_t;

static uint32_t read32(const raw_entry_t *raw, size_t at) {
  return (uint32_t)raw->bytes[at] | (uint32_t)raw->bytes[at + 1] << 8 |
         (uint32_t)raw->bytes[at + 2] << 16 | (uint32_t)raw->bytes[at + 3] << 24;
}

// How long an entry of that type is at least; 0 for a type that is passed over.
static uint64_t wanted_bytes(uint8_t type) {
  switch (type) {
    case kTypeProcessor:
      return 8;
    case kTypeController:
      return 12;
    case kTypeOverride:
      return 10;
    case kTypeExtendedProcessor:
      return 16;
    default:
      return 0;
  }
}

static acpi_madt_entry_t decode(const raw_entry_t *raw) {
  switch (raw->bytes[0]) {
    case kTypeProcessor:
      return (acpi_madt_entry_t){
          .kind = kAcpiMadtProcessor, .number = raw->bytes[3], .flags = read32(raw, 4)};
    case kTypeController:
      return (acpi_madt_entry_t){.kind = kAcpiMadtController,
                                 .number = raw->bytes[2],
                                 .address = {read32(raw, 4)},
                                 .global = read32(raw, 8)};
    case kTypeOverride:
      return (acpi_madt_entry_t){.kind = kAcpiMadtOverride,
                                 .number = raw->bytes[3],
                                 .global = read32(raw, 4),
                                 .flags = raw->bytes[8]};
    default:
      return (acpi_madt_entry_t){
          .kind = kAcpiMadtProcessor, .number = read32(raw, 4), .flags = read32(raw, 8)};
  }
}

// Reads the entry at `offset`, its length in full, of its bytes what its type needs.
// OUT_OF_RANGE: it goes beyond the table. IO_ERROR: it is too short.
static status_t read_entry(uint64_t place, uint64_t offset, raw_entry_t *raw) {
  const byte_span_t bytes = SPAN_OF(byte_span, raw->bytes);
  TRY(acpi_read(place, offset, byte_span_slice(bytes, 0, kHeadBytes)));
  raw->length = raw->bytes[1];
  const uint64_t wanted = wanted_bytes(raw->bytes[0]);
  if (raw->length < kHeadBytes || raw->length < wanted) return ERR(IO_ERROR);
  if (wanted != 0) TRY(acpi_read(place, offset, byte_span_slice(bytes, 0, wanted)));
  uint8_t last = 0;
  return acpi_read(place, offset + raw->length - 1, (byte_span_t){&last, 1});
}

static u64_result_t failure(status_t status) {
  return (u64_result_t){.status = status_is(status, STATUS_OUT_OF_RANGE) ? ERR(IO_ERROR) : status};
}

u64_result_t acpi_madt_next(uint64_t cursor, acpi_madt_entry_t *entry) {
  const u64_result_t place = acpi_find(TEXT("APIC"), 0);
  TRY_RESULT(u64_result_t, place.status);
  acpi_table_t table;
  TRY_RESULT(u64_result_t, acpi_describe(place.value, &table));
  uint64_t offset = cursor < kFirstEntry ? kFirstEntry : cursor;
  while (offset < table.bytes) {
    raw_entry_t raw = {};
    const status_t status = read_entry(place.value, offset, &raw);
    if (!status_is_ok(status)) return failure(status);
    offset += raw.length;
    if (wanted_bytes(raw.bytes[0]) == 0) continue;
    *entry = decode(&raw);
    return (u64_result_t){.value = offset};
  }
  return (u64_result_t){.status = ERR(END)};
}
