// SPDX-License-Identifier: MIT
/// @file
/// The processors that the firmware announces.
/// @spill   none in the cell; which processor booted is in the blob `processors_boot`.
/// @source  ACPI specification 6.5, section 5.2.12; Intel SDM volume 3, section 11.4.6.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum processor_state {
  kProcessorRunning = 1,  // this one booted
  kProcessorIdle,         // it is there, and nobody has started it
  kProcessorAbsent,       // it may be plugged in
  kProcessorDisabled,     // the firmware says: do not use it
};

typedef struct processor {
  uint32_t apic;   // the number of its local APIC
  uint32_t state;  // enum processor_state
} processor_t;

/// Describes the next processor. The first is always the one that booted, whatever the firmware
/// says.
/// @param cursor  0 for the first, else what the call before returned
/// @returns  the cursor for the call after; it is always larger
/// @errors   END: no more. IO_ERROR: the firmware's list goes on, but cannot be read.
/// @context  any; never waits
CELL_EXPORT u64_result_t processors_next(uint64_t cursor, OUT processor_t *processor);

/// The number of the local APIC of the processor that booted.
/// @context  any; never waits
CELL_EXPORT u32_result_t processors_boot_number(void);

/// Asks the processor for its number. Called by nano_core when the interface is first needed.
/// @errors   those of address_space_mapper_map_device
CELL_EXPORT status_t processors_initialize(void);

EXTERN_C_END
