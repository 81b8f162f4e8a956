// SPDX-License-Identifier: MIT
#include "nano_core/core/trace.h"

#include "nano_core/core/lock.h"

// What fails may fail at each call or tick, and must not push everything else out.
static bool repeats(const trace_record_t *last, const trace_record_t *next) {
  return next->kind >= kTraceStep && last->kind == next->kind && last->subject == next->subject &&
         last->number == next->number && last->status.code == next->status.code;
}

void trace_record(enum trace_kind kind, const interface_record_t *subject, uint64_t number,
                  uint64_t start, status_t status, uint64_t value) {
  core_t *core = core_current();
  const uint64_t flags = leaf_lock(&core->trace_lock);
  const uint64_t now = cycle_counter();
  const trace_record_t next = {
      .start = start == 0 ? now : start,
      .duration = start == 0 ? 0 : now - start,
      .value = value,
      .kind = (uint16_t)kind,
      .subject = subject == nullptr ? 0 : (uint16_t)(subject - core->interfaces + 1),
      .number = (uint16_t)number,
      .status = status};
  trace_record_t *last = &core->trace[(core->traced - 1) % kTraceEvents];
  if (repeats(last, &next)) {
    last->value++;
    last->duration = now - last->start;
  } else {
    core->trace[core->traced++ % kTraceEvents] = next;
  }
  leaf_unlock(&core->trace_lock, flags);
}

static void describe(const core_t *core, uint64_t index, trace_event_t *event) {
  const trace_record_t *record = &core->trace[index % kTraceEvents];
  *event = (trace_event_t){.index = index,
                           .start = record->start,
                           .duration = record->duration,
                           .value = record->value,
                           .kind = record->kind,
                           .number = record->number,
                           .status = record->status};
  // Interfaces are never forgotten.
  if (record->subject != 0) event->name = core->interfaces[record->subject - 1].name;
}

status_t trace_read(uint64_t index, trace_event_t *event) {
  core_t *core = core_current();
  trace_event_t read = {};
  const uint64_t flags = leaf_lock(&core->trace_lock);
  const uint64_t oldest = core->traced > kTraceEvents ? core->traced - kTraceEvents : 0;
  if (index < oldest) index = oldest;
  const bool there = index < core->traced;
  if (there) describe(core, index, &read);
  leaf_unlock(&core->trace_lock, flags);
  if (!there) return ERR(END);
  *event = read;
  return OK;
}
