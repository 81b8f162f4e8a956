// SPDX-License-Identifier: MIT
/// @file
/// The trace: the last events in the life of cells, requests and tasks, kept in a ring. A status
/// word has no room for where it arose; that stands here. Served by nano_core.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/instances.h"
#include "nano_core/api/ownership.h"
#include "nano_core/api/status.h"
EXTERN_C_BEGIN

/// How many events are kept.
enum { kTraceEvents = 1024 };

/// What happened, and what `name`, `number` and `value` of the event say then. A request's number
/// counts from 1, by its place; 0 is none: the resolver, or the boot.
enum trace_kind {
  kTraceLoad = kRequestLoad,      // interface; request; its generation
  kTraceUnload = kRequestUnload,  // interface; request; its generation
  kTraceSwap = kRequestSwap,      // interface; request; its generation
  kTracePrepare,                  // first interface; request; how many cells it has
  kTraceCommit,                   // first interface; request; slots that were redirected
  kTraceGrace,                    // first interface; request; 0
  kTraceInitialise,               // interface; 0; 0
  kTraceTaskStart,                // of one that nobody joins: interface of its step; task; 0
  kTraceTaskEnd,                  // likewise: interface of its step; task; steps made
  kTraceFault,                    // interface; vector of the exception; address of the instruction
  kTraceMonitor,                  // a failed call was in monitors, and out of them now; how many; 0
  // From here on events that repeat at once are one; its value is how often, its duration how long.
  kTraceStep,       // a step answered with an error: interface of the step; task
  kTraceInterrupt,  // a device's interrupt was not dealt with: the dispatching interface; vector
  kTraceBind,       // a call found nobody, or nothing that fits: the interface called; 0
};

typedef struct trace_event {
  uint64_t index;     // counts from 0 since boot
  uint64_t start;     // cycles
  uint64_t duration;  // cycles; 0: it has none
  uint64_t value;
  uint32_t kind;  // enum trace_kind
  uint32_t number;
  status_t status;  // how it ended
  name_t name;      // empty: nobody's
} trace_event_t;

/// Reads the event `index`, or the oldest that is kept, if that is newer: `event->index` tells.
/// @errors   END: there is no such event yet.
/// @context  steps; O(1)
CELL_EXPORT status_t trace_read(uint64_t index, OUT trace_event_t *event);

EXTERN_C_END
