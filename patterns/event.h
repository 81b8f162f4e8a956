// SPDX-License-Identifier: MIT
/// @file
/// Watch, then test: how a cell lets its caller wait for something in a blob. The event is made
/// when it is first watched, and its handle is kept in the blob.
///
///   for a condition over state_queue, in a function that returns a status:
///     TRY(event_watch_state(&state_queue->monitor, &state_queue->event));   first watch
///     monitor_enter(&state_queue->monitor);                                 then test
///     ... if the condition does not hold: ERR(WOULD_BLOCK)
///     monitor_exit(&state_queue->monitor);
///   and whoever makes it true, inside the monitor or after it:
///     event_signal_state(&state_queue->event);
/// @spill    none: a pattern has no data of its own.
#pragma once
#include "nano_core/api/event.h"
#include "nano_core/api/monitor.h"
#include "nano_core/api/state.h"
#include "nano_core/api/status.h"

/// The event that `place`, a member of the blob of `monitor`, holds; makes it where there is none.
/// @errors   NO_MEMORY: the event table is full.
/// @context  steps; outside of monitors
static inline event_result_t event_ensure(const monitor_t *monitor, const event_t *place)
    EXCLUDES(*monitor) {
  monitor_enter(monitor);
  event_result_t result = {OK, *place};
  monitor_exit(monitor);
  if (!event_is_none(result.value)) return result;
  const event_result_t fresh = event_create();
  if (!status_is_ok(fresh.status)) return fresh;
  // Another task may have been as quick.
  monitor_enter(monitor);
  const bool first = event_is_none(*place);
  if (first) state_set(place, fresh.value);
  result.value = *place;
  monitor_exit(monitor);
  if (!first) status_ignore(event_destroy(fresh.value), "nobody else knows this event");
  return result;
}

/// Watches the event at `place`, which is made where there is none. Call it before testing the
/// condition.
/// @errors   NO_MEMORY: the event table is full. STALE: somebody destroyed the event.
/// @context  steps; outside of monitors
static inline status_t event_watch_state(const monitor_t *monitor, const event_t *place)
    EXCLUDES(*monitor) {
  const event_result_t event = event_ensure(monitor, place);
  TRY(event.status);
  return event_watch(event.value);
}

/// Signals the event at `place`, if somebody has ever watched it.
/// @context  any, inside the monitor included
static inline void event_signal_state(const event_t *place) {
  if (event_is_none(*place)) return;
  status_ignore(event_signal(*place), "an event that is gone has no waiters");
}
