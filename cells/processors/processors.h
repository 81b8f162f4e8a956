// SPDX-License-Identifier: MIT
/// @file
/// The processors that the firmware announces, and starting them: a task brings one after the other
/// up, and ends.
/// @spill   none in the cell; which ones did not start is in the blob `processors_failed`, and the
///          task's progress is sealed.
/// @source  ACPI specification 6.5, section 5.2.12; Intel SDM volume 3, section 9.4.4.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum processor_state {
  kProcessorRunning = 1,
  kProcessorStarting,     // it was reset, and is waited for
  kProcessorIdle,         // it is there, and nobody has started it
  kProcessorFailed,       // it was started, and did not come
  kProcessorUnreachable,  // the number of its local APIC is above those that can be addressed
  kProcessorAbsent,       // it may be plugged in
  kProcessorDisabled,     // the firmware says: do not use it
};

typedef struct processor {
  uint32_t apic;    // the number of its local APIC
  uint32_t state;   // enum processor_state
  uint32_t number;  // running, starting: nano_core's number for it; else kProcessors
} processor_t;

/// Describes the next processor. The first is always the one that booted, whatever the firmware
/// says.
/// @param cursor  0 for the first, else what the call before returned
/// @returns  the cursor for the call after; it is always larger
/// @errors   END: no more. IO_ERROR: the firmware's list goes on, but cannot be read.
/// @context  any; never waits
CELL_EXPORT u64_result_t processors_next(uint64_t cursor, OUT processor_t *processor);

/// A step of the task that starts the others: one after the other, up to what the word
/// `processors=N` of the command line says, or kProcessors. What does not come within a second is
/// given up, logged, and left out.
/// @errors   END: nobody is left to be started.
/// @context  steps of that task
CELL_EXPORT status_t processors_step(LENT task_progress_t *task);

/// Makes that task where there is a processor to be started; once. Called by nano_core when the
/// cell is loaded.
CELL_EXPORT status_t processors_initialize(void);

EXTERN_C_END
