// SPDX-License-Identifier: MIT
/// @file
/// Reads the table that lists processors and interrupt controllers (MADT, signature APIC), entry by
/// entry.
/// @spill   none: no state in this cell.
/// @source  ACPI specification 6.5, section 5.2.12.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum acpi_madt_kind {
  kAcpiMadtProcessor = 1,
  kAcpiMadtController,
  kAcpiMadtOverride,
};

enum acpi_madt_processor_flags {
  kAcpiMadtEnabled = 1 << 0,
  kAcpiMadtOnlineCapable = 1 << 1,  // not there yet, but may come
};

/// Flags of an override: two bits for the polarity, two for the trigger.
enum acpi_madt_override_flags {
  kAcpiMadtPolarityMask = 3 << 0,
  kAcpiMadtActiveHigh = 1 << 0,  // 0: as the bus has it
  kAcpiMadtActiveLow = 3 << 0,
  kAcpiMadtTriggerMask = 3 << 2,
  kAcpiMadtEdge = 1 << 2,  // 0: as the bus has it
  kAcpiMadtLevel = 3 << 2,
};

typedef struct acpi_madt_entry {
  uint32_t kind;    // enum acpi_madt_kind
  uint32_t number;  // processor: of its local APIC; controller: its own; override: the ISA line
  uint32_t global;  // controller: the first global interrupt; override: the one instead of the line
  uint32_t flags;   // of a processor or an override, as above
  paddr_t address;  // controller: of its registers
} acpi_madt_entry_t;

/// Reads the next entry of one of the three kinds; others are passed over.
/// @param cursor  0 for the first, else what the call before returned
/// @returns  the cursor for the call after; it is always larger
/// @errors   NOT_FOUND: the machine has no such table. END: no more entries. IO_ERROR: an entry is
///           shorter than its kind, or goes beyond the table; what follows cannot be read.
/// @context  any; never waits
CELL_EXPORT u64_result_t acpi_madt_next(uint64_t cursor, OUT acpi_madt_entry_t *entry);

EXTERN_C_END
