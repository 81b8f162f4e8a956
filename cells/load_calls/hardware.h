// SPDX-License-Identifier: MIT
/// @file
/// The cells that know what the machine is made of. A machine need not have what they tell of, but
/// what they say must hold together.
#pragma once
#include "cells/acpi/acpi.h"
#include "cells/acpi_madt/acpi_madt.h"
#include "cells/hpet/hpet.h"
#include "cells/interrupt_controller/interrupt_controller.h"
#include "cells/load_generator/batch.h"
#include "cells/pit/pit.h"
#include "cells/processors/processors.h"
#include "cells/real_time_clock/real_time_clock.h"

enum { kHardwareKinds = 8 };

// Judges an answer that may be NOT_FOUND. Returns whether there is a value to look at.
static inline bool hardware_accept(load_batch_t *batch, status_t status) {
  if (!status_is(status, STATUS_NOT_FOUND)) return batch_accept(batch, status);
  batch_count(batch, true);
  return false;
}

// The first table begins with the signature that it is listed under.
static inline void hardware_acpi(load_batch_t *batch) {
  acpi_table_t table;
  char signature[kAcpiSignatureBytes] = {};
  uint8_t bytes[kAcpiSignatureBytes];
  const status_t described = acpi_describe(0, &table);
  if (status_is(described, STATUS_END)) return batch_count(batch, true);
  if (!batch_accept(batch, described)) return;
  const status_t status = acpi_read(0, 0, SPAN_OF(byte_span, bytes));
  if (!hardware_accept(batch, status)) return;
  for (size_t i = 0; i < kAcpiSignatureBytes; i++) signature[i] = (char)bytes[i];
  const text_t listed = text_slice(SPAN_OF(text, table.signature), 0, kAcpiSignatureBytes);
  batch_count(batch, text_equal(SPAN_OF(text, signature), listed));
}

static inline void hardware_madt(load_batch_t *batch) {
  acpi_madt_entry_t entry;
  const u64_result_t next = acpi_madt_next(0, &entry);
  if (status_is(next.status, STATUS_END) || status_is(next.status, STATUS_IO_ERROR)) {
    return batch_count(batch, true);
  }
  if (hardware_accept(batch, next.status)) batch_count(batch, next.value != 0 && entry.kind != 0);
}

// The first processor is the one that runs.
static inline void hardware_processors(load_batch_t *batch) {
  processor_t processor;
  const u64_result_t next = processors_next(0, &processor);
  if (batch_accept(batch, next.status)) {
    batch_count(batch, next.value != 0 && processor.state == kProcessorRunning);
  }
}

static inline void hardware_interrupts(load_batch_t *batch) {
  const u64_result_t global = interrupt_controller_global(0);
  if (batch_accept(batch, global.status)) batch_count(batch, global.value <= UINT32_MAX);
}

static inline void hardware_hpet(load_batch_t *batch) {
  const u64_result_t count = hpet_counter();
  if (hardware_accept(batch, count.status)) batch_count(batch, count.value <= UINT32_MAX);
}

static inline void hardware_pit(load_batch_t *batch) {
  const u64_result_t count = pit_counter();
  if (hardware_accept(batch, count.status)) batch_count(batch, count.value <= UINT16_MAX);
}

static inline void hardware_clock(load_batch_t *batch) {
  real_time_t time;
  const status_t status = real_time_clock_read(&time);
  if (status_is(status, STATUS_IO_ERROR)) return batch_count(batch, true);
  if (batch_accept(batch, status)) {
    batch_count(batch, time.year >= 1970 && time.month >= 1 && time.day >= 1 && time.hour < 24);
  }
}

static inline void hardware_one(load_batch_t *batch, uint64_t number) {
  switch (number % kHardwareKinds) {
    case 0:
      return hardware_acpi(batch);
    case 1:
      return hardware_madt(batch);
    case 2:
      return hardware_processors(batch);
    case 3:
      return hardware_interrupts(batch);
    case 4:
      return hardware_hpet(batch);
    case 5:
      return hardware_pit(batch);
    case 6:
      // Reading it takes two dozen slow accesses.
      if (number / kHardwareKinds % 16 == 0) return hardware_clock(batch);
      return hardware_processors(batch);
    default:
      return batch_refused(batch, acpi_read(UINT64_MAX, 0, (byte_span_t){}), STATUS_NOT_FOUND);
  }
}
