// SPDX-License-Identifier: MIT
/// @file
/// The tables in which the firmware describes the machine: finds them, checks them, and reads them
/// for others, so that nobody else follows an address that stands in one.
/// @spill   none in the cell; where the tables lie is in the blob `acpi_tables`.
/// @source  ACPI specification 6.5, section 5.2.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum {
  kAcpiTables = 64,
  kAcpiSignatureBytes = 4,
  kAcpiHeaderBytes = 36,  // which every table begins with
};

typedef struct acpi_table {
  paddr_t start;
  char signature[2 * kAcpiSignatureBytes];  // terminated; what does not print is `?`
  uint32_t bytes;                           // header included, as the header says; not checked yet
  uint32_t sound;                           // 1: length and checksum hold, and it can be read
} acpi_table_t;

/// Describes the table in place `index` (0, 1, ...): the root table, those that it names, the DSDT.
/// @errors   END: past the last. A machine without usable tables has none.
/// @context  any; never waits
CELL_EXPORT status_t acpi_describe(uint64_t index, OUT acpi_table_t *table);

/// Finds a sound table.
/// @param signature  four characters, such as TEXT("APIC")
/// @param index      0 for the first of that signature, 1 for the second, ...
/// @returns  its place, as acpi_describe and acpi_read count
/// @errors   INVALID_ARGUMENT: `signature`. NOT_FOUND: there are not so many.
/// @context  any; never waits
CELL_EXPORT u64_result_t acpi_find(LENT text_t signature, uint64_t index);

/// Copies a part of a sound table.
/// @param offset  in bytes, from the header's first
/// @param buffer  filled whole
/// @errors   NOT_FOUND: no sound table is in that place. OUT_OF_RANGE: the part does not lie within
///           the table. `buffer` is unchanged.
/// @context  any; never waits; O(buffer)
CELL_EXPORT status_t acpi_read(uint64_t place, uint64_t offset, LENT byte_span_t buffer);

/// Looks for the tables: at the address that the command line (`acpi_root=ADDRESS`) or else the
/// boot loader names, else where a PC's firmware leaves its root pointer. With `acpi=off` it does
/// not look. Called by nano_core when the interface is first needed.
/// @errors   NOT_FOUND: the blob is not there. A machine without usable tables is no error.
CELL_EXPORT status_t acpi_initialize(void);

EXTERN_C_END
