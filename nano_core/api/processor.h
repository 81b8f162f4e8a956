// SPDX-License-Identifier: MIT
/// @file
/// The processors that run tasks. nano_core numbers them from 0, the one that booted. Served by
/// nano_core.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/ownership.h"
#include "nano_core/api/status.h"
EXTERN_C_BEGIN

enum { kProcessors = 16 };

enum processor_status {
  kProcessorPrepared = 1,  // its memory is there, and it was reset; it executes nothing yet
  kProcessorOnline,
};

typedef struct processor_info {
  uint32_t apic;         // the number of its local APIC
  uint32_t status;       // enum processor_status
  uint32_t idle;         // 1: it sleeps at this moment
  uint64_t cycles;       // since it came online
  uint64_t idle_cycles;  // of them, asleep
  uint64_t switches;     // times that the scheduler chose a task
  uint64_t steps;        // of tasks that it made
  uint64_t interrupts;   // of devices
  uint64_t calls;        // interrupts by other processors
} processor_info_t;

/// The number of the processor that this runs on. Unless preemption is held off (in a monitor, or
/// in an interrupt handler), it may be another one by now: a hint for choosing a cache.
/// @context  any; never waits
CELL_EXPORT u32_result_t processor_self(void);

/// How many processors are online.
/// @context  any; never waits
CELL_EXPORT u32_result_t processor_count(void);

/// Makes memory for a processor, and resets it. After 10 ms it can be started.
/// @param apic  the number of its local APIC
/// @returns  its number
/// @errors   ALREADY_EXISTS: it is online, or it is the one that booted. NO_SPACE: kProcessors are
///           there. UNSUPPORTED: a number above 254, or no memory below 1 MiB to start it in.
///           NO_MEMORY. Preparing again one that did not come is no error.
/// @context  steps
CELL_EXPORT u32_result_t processor_prepare(uint32_t apic);

/// Has a prepared processor begin to run; it is online when processor_describe says so. Asking
/// again while it is on its way does no harm.
/// @errors   NOT_FOUND: no such number. ALREADY_EXISTS: it is online. BUSY: another one is on its
///           way; one at a time.
/// @context  steps
CELL_EXPORT status_t processor_start(uint32_t number);

/// Gives up on a prepared processor that does not come; it is reset, and its memory is freed.
/// @errors   NOT_FOUND, ALREADY_EXISTS: it has come after all.
/// @context  steps
CELL_EXPORT status_t processor_abandon(uint32_t number);

/// Describes a processor.
/// @errors   NOT_FOUND: none has that number. OUT_OF_RANGE: kProcessors or more.
CELL_EXPORT status_t processor_describe(uint64_t number, OUT processor_info_t *info);

EXTERN_C_END
