// SPDX-License-Identifier: MIT
/// @file
/// Events: what a step waits for. Nobody waits inside a cell: a callee watches the event, tests its
/// condition, and where that does not hold returns WOULD_BLOCK; the task parks at its root until
/// the event has moved on from the number that the watch recorded. Served by nano_core.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/status.h"
EXTERN_C_BEGIN

/// Index and generation of an event; {0, 0} names nothing.
typedef struct event {
  uint32_t index;
  uint32_t generation;
} event_t;

RESULT_DEFINE(event_result_t, event_t);

/// Makes an event. It belongs to whoever stores the handle, usually a blob.
/// @errors   NO_MEMORY: the event table is full.
CELL_EXPORT event_result_t event_create(void);

/// Ends an event; tasks that wait for it are woken.
/// @errors   STALE
CELL_EXPORT status_t event_destroy(event_t event);

/// Moves the event's number on and wakes whoever waits for it.
/// @errors   STALE
/// @context  any, interrupt handlers included; never waits; O(waiting tasks)
CELL_EXPORT status_t event_signal(event_t event);

/// Records the event and its number in the step that is being made. Call it before testing the
/// condition, so that no wake-up is lost; of the events that a step watches the last four count.
/// @errors   STALE
/// @context  steps; in an interrupt handler it does nothing and answers OK
CELL_EXPORT status_t event_watch(event_t event);

static inline bool event_is_none(event_t event) { return event.generation == 0; }

EXTERN_C_END
