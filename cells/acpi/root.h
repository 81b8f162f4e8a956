// SPDX-License-Identifier: MIT
/// @file
/// The root pointer, the one structure of ACPI that has to be searched for: what it holds, and
/// where it may lie.
#pragma once
#include "cells/acpi/window.h"
#include "cells/log/log.h"
#include "nano_core/api/machine.h"
#include "patterns/text_line.h"

// Offsets in the root pointer, and lengths.
enum {
  kRootRevision = 15,
  kRootRsdt = 16,
  kRootFirstBytes = 20,  // all that version 1 has, and what its checksum covers
  kRootLength = 20,
  kRootXsdt = 24,
  kRootBytes = 36,
  kRootLargest = 4096,
  kRootStep = 16,  // it begins at a multiple of that
  kRevisionExtended = 2,
};

static const uint64_t kRootSignature = UINT64_C(0x2052545020445352);  // "RSD PTR "

// Where a PC's firmware leaves it.
static const uint64_t kFirmwareStart = 0xe0000;
static const uint64_t kFirmwareBytes = 0x20000;
static const uint64_t kExtendedAreaPointer = 0x40e;  // holds the address / 16
static const uint64_t kExtendedAreaBytes = 1024;
static const uint64_t kExtendedAreaLowest = 0x400;
static const uint64_t kExtendedAreaEnd = 0xa0000;

/// What a sound root pointer says.
typedef struct root {
  paddr_t start;
  paddr_t rsdt;  // 0: none
  paddr_t xsdt;  // 0: none
} root_t;

/// Logs `before ADDRESS after`.
static inline void acpi_say(text_t before, paddr_t address, text_t after) {
  text_line_t line = {};
  text_line_text(&line, before);
  text_line_hexadecimal(&line, address.bytes);
  text_line_text(&line, after);
  status_ignore(log_write(TEXT("acpi"), text_line_view(&line)), "without a log it is not said");
}

// Whether the part that version 2 added holds.
static inline bool root_is_extended(paddr_t start, uint64_t bytes) {
  window_t window;
  if (bytes < kRootBytes || bytes > kRootLargest) return false;
  if (!status_is_ok(window_open(start, bytes, &window))) return false;
  const bool sound = window_sum(window.bytes) == 0;
  window_close(&window);
  return sound;
}

/// Reads the root pointer at `start`.
/// @returns  whether a sound one is there
static inline bool root_read(paddr_t start, root_t *root) {
  window_t window;
  if (!status_is_ok(window_open(start, kRootBytes, &window))) return false;
  const byte_span_t bytes = window.bytes;
  const bool present = mmio_read64(bytes, 0) == kRootSignature;
  const bool sound = present && window_sum(byte_span_slice(bytes, 0, kRootFirstBytes)) == 0;
  const bool extended = mmio_read8(bytes, kRootRevision) >= kRevisionExtended;
  const uint64_t length = mmio_read32(bytes, kRootLength);
  *root = (root_t){start, {mmio_read32(bytes, kRootRsdt)}, {mmio_read64(bytes, kRootXsdt)}};
  window_close(&window);
  if (present && !sound) {
    acpi_say(TEXT("the root pointer at "), start, TEXT(" has a bad checksum and is ignored"));
  }
  if (!sound) return false;
  if (!extended || !root_is_extended(start, length)) {
    root->xsdt = (paddr_t){0};
    if (extended) {
      acpi_say(TEXT("the extended part of the root pointer at "), start,
               TEXT(" is bad and is ignored"));
    }
  }
  return true;
}

// Searches [start, start + bytes).
static inline bool root_search_area(uint64_t start, uint64_t bytes, root_t *root) {
  window_t window;
  if (!status_is_ok(window_open((paddr_t){start}, bytes, &window))) return false;
  bool found = false;
  for (uint64_t i = 0; i + kRootFirstBytes <= bytes && !found; i += kRootStep) {
    if (mmio_read64(window.bytes, i) != kRootSignature) continue;
    found = root_read((paddr_t){start + i}, root);
  }
  window_close(&window);
  return found;
}

static inline bool root_search(root_t *root) {
  window_t window;
  uint64_t area = 0;
  if (status_is_ok(window_open((paddr_t){kExtendedAreaPointer}, sizeof(uint16_t), &window))) {
    area = (uint64_t)mmio_read16(window.bytes, 0) * kRootStep;
    window_close(&window);
  }
  if (area >= kExtendedAreaLowest && area <= kExtendedAreaEnd - kExtendedAreaBytes &&
      root_search_area(area, kExtendedAreaBytes, root)) {
    return true;
  }
  return root_search_area(kFirmwareStart, kFirmwareBytes, root);
}

// The address that the command line names. NOT_FOUND: it names none.
static inline u64_result_t root_of_command_line(void) {
  char word[32];
  const size_result_t length = machine_option_value(TEXT("acpi_root"), SPAN_OF(text_buffer, word));
  TRY_RESULT(u64_result_t, length.status);
  return number_text_parse(text_slice(SPAN_OF(text, word), 0, length.value));
}

/// Finds the root pointer. What the command line names is taken or nothing is.
static inline bool root_find(root_t *root) {
  const u64_result_t named = root_of_command_line();
  if (!status_is(named.status, STATUS_NOT_FOUND)) {
    const bool found = status_is_ok(named.status) && root_read((paddr_t){named.value}, root);
    if (!found) {
      acpi_say(TEXT("acpi_root= names no sound root pointer; wanted is its address, but at "),
               (paddr_t){named.value}, TEXT(" there is none"));
    }
    return found;
  }
  const paddr_result_t handed = machine_acpi_root();
  if (status_is_ok(handed.status)) {
    if (root_read(handed.value, root)) return true;
    acpi_say(TEXT("the boot loader names a root pointer at "), handed.value,
             TEXT(" that is none; the firmware's memory is searched"));
  }
  return root_search(root);
}
