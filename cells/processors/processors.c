// SPDX-License-Identifier: MIT
#include "cells/processors/processors.h"

#include "cells/acpi_madt/acpi_madt.h"
#include "cells/address_space_mapper/address_space_mapper.h"
#include "nano_core/api/mmio.h"

// Of the processor that reads them; nano_core uses them at this address, too.
static const uint64_t kLocalRegisters = 0xfee00000;

enum {
  kLocalBytes = 0x400,
  kLocalNumber = 0x20,
  kLocalNumberShift = 24,
};

// Interrupts for these go to every processor, so no single one has such a number.
static const uint32_t kEverybody = 0xff;
static const uint32_t kEverybodyExtended = UINT32_MAX;

typedef struct processors_boot {
  monitor_t monitor;
  uint64_t number;
} processors_boot_t;

STATE(processors_boot_t, processors_boot);

status_t processors_initialize(void) {
  const owner_result_t owner = owner_self();
  TRY(owner.status);
  const memory_result_t memory =
      address_space_mapper_map_device(owner.value, (paddr_t){kLocalRegisters}, kLocalBytes);
  TRY(memory.status);
  const byte_span_t registers = {memory.value, kLocalBytes};
  const uint64_t number = mmio_read32(registers, kLocalNumber) >> kLocalNumberShift;
  monitor_enter(&state_processors_boot->monitor);
  state_set(&state_processors_boot->number, number);
  monitor_exit(&state_processors_boot->monitor);
  return address_space_mapper_unmap(owner.value, memory.value);
}

u32_result_t processors_boot_number(void) {
  monitor_enter(&state_processors_boot->monitor);
  const uint32_t number = (uint32_t)state_processors_boot->number;
  monitor_exit(&state_processors_boot->monitor);
  return (u32_result_t){.value = number};
}

static uint32_t state_of(uint32_t flags) {
  if ((flags & kAcpiMadtEnabled) != 0) return kProcessorIdle;
  return (flags & kAcpiMadtOnlineCapable) != 0 ? kProcessorAbsent : kProcessorDisabled;
}

// Whether the entry stands for a processor other than the one that booted.
static bool is_another(const acpi_madt_entry_t *entry, uint32_t boot) {
  return entry->kind == kAcpiMadtProcessor && entry->number != boot &&
         entry->number != kEverybody && entry->number != kEverybodyExtended;
}

// The one that booted comes first; 1 then stands for the firmware's first entry.
u64_result_t processors_next(uint64_t cursor, processor_t *processor) {
  const u32_result_t boot = processors_boot_number();
  if (cursor == 0) {
    *processor = (processor_t){.apic = boot.value, .state = kProcessorRunning};
    return (u64_result_t){.value = 1};
  }
  for (;;) {
    acpi_madt_entry_t entry;
    const u64_result_t next = acpi_madt_next(cursor, &entry);
    if (status_is(next.status, STATUS_NOT_FOUND)) return (u64_result_t){.status = ERR(END)};
    TRY_RESULT(u64_result_t, next.status);
    cursor = next.value;
    if (!is_another(&entry, boot.value)) continue;
    *processor = (processor_t){.apic = entry.number, .state = state_of(entry.flags)};
    return (u64_result_t){.value = cursor};
  }
}
