// SPDX-License-Identifier: MIT
/// @file
/// What the firmware says about switching off and resetting: a few fields of the FADT, and the two
/// numbers that its program (AML) names `_S5_`.
/// @source  ACPI specification 6.5, sections 4.8.3, 5.2.9, 7.4.2 and 20.2.
#pragma once
#include "cells/acpi/acpi.h"

// Offsets in the FADT.
enum {
  kFadtSmiPort = 48,
  kFadtEnableValue = 52,
  kFadtControlA = 64,
  kFadtControlB = 68,
  kFadtFlags = 112,
  kFadtResetRegister = 116,
  kFadtResetValue = 128,
  kFadtExtendedControlA = 172,
  kFadtExtendedControlB = 184,
};

// A generic address: kind of space (8 bits), three more bytes, address (64 bits).
enum { kGenericAddress = 4, kGenericBytes = 12, kSpaceMemory = 0, kSpacePorts = 1 };

static const uint32_t kFlagReset = UINT32_C(1) << 10;    // there is a reset register
static const uint32_t kFlagReduced = UINT32_C(1) << 20;  // there are no control registers

// Parts of AML.
enum {
  kAmlZero = 0x00,
  kAmlOne = 0x01,
  kAmlName = 0x08,
  kAmlByte = 0x0a,
  kAmlWord = 0x0b,
  kAmlDoubleWord = 0x0c,
  kAmlPackage = 0x12,
  kAmlRoot = '\\',
  kSleepTypes = 8,
  kScanBytes = 256,
  kPatternBytes = 24,  // from the name's operator to the second number, at most
};

/// An I/O port, or 0 for none.
typedef struct fadt_power {
  uint16_t smi_port;
  uint8_t enable_value;
  uint16_t control_a;
  uint16_t control_b;
} fadt_power_t;

typedef struct fadt_reset {
  uint32_t space;
  uint8_t value;
  uint64_t address;
} fadt_reset_t;

typedef struct sleep_types {
  uint8_t a;
  uint8_t b;
} sleep_types_t;

/// A little-endian number of up to eight bytes of a table; 0 where the table is shorter.
static inline uint64_t fadt_number(uint64_t place, uint64_t offset, size_t bytes) {
  uint8_t raw[sizeof(uint64_t)] = {};
  const byte_span_t part = byte_span_slice(SPAN_OF(byte_span, raw), 0, bytes);
  if (!status_is_ok(acpi_read(place, offset, part))) return 0;
  uint64_t number = 0;
  for (size_t i = bytes; i > 0; i--) number = number << 8 | raw[i - 1];
  return number;
}

static inline uint16_t fadt_port(uint64_t number) {
  return number <= UINT16_MAX ? (uint16_t)number : 0;
}

// A control register: the extended field where it names a port, else the old one.
static inline uint16_t fadt_control(uint64_t fadt, uint64_t extended, uint64_t old) {
  const uint16_t port = fadt_port(fadt_number(fadt, extended + kGenericAddress, 8));
  if (port != 0 && fadt_number(fadt, extended, 1) == kSpacePorts) return port;
  return fadt_port(fadt_number(fadt, old, 4));
}

/// @errors   NOT_FOUND: no FADT. UNSUPPORTED: no control register, or it is no port.
static inline status_t fadt_read_power(fadt_power_t *power) {
  const u64_result_t fadt = acpi_find(TEXT("FACP"), 0);
  TRY(fadt.status);
  if ((fadt_number(fadt.value, kFadtFlags, 4) & kFlagReduced) != 0) return ERR(UNSUPPORTED);
  *power = (fadt_power_t){
      .smi_port = fadt_port(fadt_number(fadt.value, kFadtSmiPort, 4)),
      .enable_value = (uint8_t)fadt_number(fadt.value, kFadtEnableValue, 1),
      .control_a = fadt_control(fadt.value, kFadtExtendedControlA, kFadtControlA),
      .control_b = fadt_control(fadt.value, kFadtExtendedControlB, kFadtControlB),
  };
  return power->control_a != 0 ? OK : ERR(UNSUPPORTED);
}

/// @errors   NOT_FOUND: no FADT. UNSUPPORTED: no reset register.
static inline status_t fadt_read_reset(fadt_reset_t *reset) {
  const u64_result_t fadt = acpi_find(TEXT("FACP"), 0);
  TRY(fadt.status);
  if ((fadt_number(fadt.value, kFadtFlags, 4) & kFlagReset) == 0) return ERR(UNSUPPORTED);
  *reset = (fadt_reset_t){
      .space = (uint32_t)fadt_number(fadt.value, kFadtResetRegister, 1),
      .value = (uint8_t)fadt_number(fadt.value, kFadtResetValue, 1),
      .address = fadt_number(fadt.value, kFadtResetRegister + kGenericAddress, 8),
  };
  return reset->address != 0 ? OK : ERR(UNSUPPORTED);
}

// The integer at `*at` of a package, which moves on behind it. Returns whether it is one, and a
// possible sleep type.
static inline bool aml_sleep_type(bytes_t aml, size_t *at, uint8_t *type) {
  if (*at >= aml.length) return false;
  const uint8_t kind = *bytes_at(aml, (*at)++);
  *type = kind;
  if (kind == kAmlZero || kind == kAmlOne) return true;
  const size_t bytes = kind == kAmlByte ? 1 : kind == kAmlWord ? 2 : kind == kAmlDoubleWord ? 4 : 0;
  if (bytes == 0 || bytes > aml.length - *at) return false;
  *type = *bytes_at(aml, *at);
  *at += bytes;
  return *type < kSleepTypes;
}

// Whether a definition of `_S5_` as a package of integers begins `aml`.
static inline bool aml_is_sleep(bytes_t aml, sleep_types_t *types) {
  const char name[] = {'_', 'S', '5', '_'};
  size_t at = 0;
  if (aml.length < kPatternBytes || *bytes_at(aml, at++) != kAmlName) return false;
  if (*bytes_at(aml, at) == kAmlRoot) at++;
  for (size_t i = 0; i < COUNT_OF(name); i++) {
    if (*bytes_at(aml, at++) != (uint8_t)name[i]) return false;
  }
  if (*bytes_at(aml, at++) != kAmlPackage) return false;
  // The length of the package: its two highest bits tell how many bytes follow.
  at += 1 + (*bytes_at(aml, at) >> 6);
  const uint8_t elements = *bytes_at(aml, at++);
  if (elements == 0 || !aml_sleep_type(aml, &at, &types->a)) return false;
  types->b = 0;
  return elements == 1 || aml_sleep_type(aml, &at, &types->b);
}

// Searches one table. What is shorter than the pattern, at the end, counts as zeros.
static inline bool aml_search(uint64_t place, uint64_t bytes, sleep_types_t *types) {
  for (uint64_t at = kAcpiHeaderBytes; at < bytes; at += kScanBytes) {
    uint8_t part[kScanBytes + kPatternBytes] = {};
    const uint64_t left = bytes - at;
    const size_t length = left < sizeof(part) ? left : sizeof(part);
    const byte_span_t buffer = byte_span_slice(SPAN_OF(byte_span, part), 0, length);
    if (!status_is_ok(acpi_read(place, at, buffer))) return false;
    const bytes_t all = SPAN_OF(bytes, part);
    for (size_t i = 0; i < kScanBytes; i++) {
      if (aml_is_sleep(bytes_slice(all, i, kPatternBytes), types)) return true;
    }
  }
  return false;
}

/// Finds the numbers that switch off, in the DSDT or an SSDT.
/// @errors   NOT_FOUND
static inline status_t aml_find_sleep(sleep_types_t *types) {
  for (uint64_t i = 0; i <= kAcpiTables; i++) {
    const u64_result_t place = i == 0 ? acpi_find(TEXT("DSDT"), 0) : acpi_find(TEXT("SSDT"), i - 1);
    acpi_table_t table;
    if (!status_is_ok(place.status)) {
      if (i == 0) continue;
      break;
    }
    if (!status_is_ok(acpi_describe(place.value, &table))) continue;
    if (aml_search(place.value, table.bytes, types)) return OK;
  }
  return ERR(NOT_FOUND);
}
