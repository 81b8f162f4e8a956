// SPDX-License-Identifier: MIT
#include "cells/interrupt_dispatch/interrupt_dispatch.h"

#include "cells/interrupt_controller/interrupt_controller.h"
#include "nano_core/api/memory.h"

typedef struct interrupt_line {
  reference_t handler;  // none: nobody has the line
  uint64_t count;
  uint64_t errors;
  char name[kInterruptNameBytes];
} interrupt_line_t;

typedef struct interrupt_table {
  monitor_t monitor;
  interrupt_line_t lines[kInterruptLines];
} interrupt_table_t;

STATE(interrupt_table_t, interrupt_dispatch_table);

status_t interrupt_dispatch_initialize(void) {
  // Handlers were registered by others, so the table outlives every instance.
  TRY(blob_retain(TEXT("interrupt_dispatch_table")));
  // interrupt_dispatch_handle enters. Nobody can be inside before this function is done.
  state_set(&state_interrupt_dispatch_table->monitor.interrupts, 1);
  return OK;
}

static bool is_same(reference_t a, reference_t b) {
  return a.index == b.index && a.generation == b.generation;
}

// Stores the handler of a line. ALREADY_EXISTS: there is one; *same tells whether it is this one.
static status_t connect(uint64_t line, reference_t handler, text_t name, bool *same) {
  interrupt_line_t entry = {.handler = handler};
  text_copy((text_buffer_t){entry.name, kInterruptNameBytes - 1}, name);
  const interrupt_line_t *place = &state_interrupt_dispatch_table->lines[line];
  monitor_enter(&state_interrupt_dispatch_table->monitor);
  const bool taken = !reference_is_none(place->handler);
  *same = taken && is_same(place->handler, handler);
  if (!taken) state_copy(place, &entry, sizeof(entry));
  monitor_exit(&state_interrupt_dispatch_table->monitor);
  return taken ? ERR(ALREADY_EXISTS) : OK;
}

// Empties the place of a line. Returns what was in it.
static reference_t disconnect(uint64_t line) {
  const interrupt_line_t *place = &state_interrupt_dispatch_table->lines[line];
  monitor_enter(&state_interrupt_dispatch_table->monitor);
  const reference_t handler = place->handler;
  state_clear(place, sizeof(*place));
  monitor_exit(&state_interrupt_dispatch_table->monitor);
  return handler;
}

status_t interrupt_dispatch_register(uint64_t line, reference_t handler, text_t name) {
  if (line >= kInterruptLines) return ERR(OUT_OF_RANGE);
  if (reference_is_none(handler)) return ERR(INVALID_ARGUMENT);
  bool same = false;
  const status_t connected = connect(line, handler, name, &same);
  if (same) {
    // The table holds it already; this is one count too many.
    status_ignore(reference_release(handler), "the table's own count stays");
    return OK;
  }
  TRY(connected);
  const status_t enabled = interrupt_controller_enable(line, kInterruptFirstVector + line);
  if (!status_is_ok(enabled)) disconnect(line);
  return enabled;
}

status_t interrupt_dispatch_unregister(uint64_t line) {
  if (line >= kInterruptLines) return ERR(OUT_OF_RANGE);
  const reference_t handler = disconnect(line);
  if (reference_is_none(handler)) return ERR(NOT_FOUND);
  status_ignore(interrupt_controller_disable(line), "without a handler the line does no harm");
  return reference_release(handler);
}

// Takes note that the handler of a line failed, unless the line has changed hands meanwhile.
static void count_error(uint64_t line, reference_t handler) {
  const interrupt_line_t *place = &state_interrupt_dispatch_table->lines[line];
  monitor_enter(&state_interrupt_dispatch_table->monitor);
  if (is_same(place->handler, handler)) state_set(&place->errors, place->errors + 1);
  monitor_exit(&state_interrupt_dispatch_table->monitor);
}

status_t interrupt_dispatch_handle(uint64_t vector) {
  if (vector < kInterruptFirstVector) return ERR(OUT_OF_RANGE);
  const uint64_t line = vector - kInterruptFirstVector;
  if (line >= kInterruptLines) return ERR(OUT_OF_RANGE);
  const interrupt_line_t *place = &state_interrupt_dispatch_table->lines[line];
  monitor_enter(&state_interrupt_dispatch_table->monitor);
  const reference_t handler = place->handler;
  if (!reference_is_none(handler)) state_set(&place->count, place->count + 1);
  monitor_exit(&state_interrupt_dispatch_table->monitor);
  if (reference_is_none(handler)) return ERR(NOT_FOUND);
  const status_t status = reference_call(handler, 0, 0, 0, 0, 0).status;
  if (!status_is_ok(status)) count_error(line, handler);
  return status;
}

status_t interrupt_dispatch_describe(uint64_t index, interrupt_info_t *info) {
  if (index >= kInterruptLines) return ERR(END);
  monitor_enter(&state_interrupt_dispatch_table->monitor);
  const interrupt_line_t entry = state_interrupt_dispatch_table->lines[index];
  monitor_exit(&state_interrupt_dispatch_table->monitor);
  if (reference_is_none(entry.handler)) return ERR(NOT_FOUND);
  *info = (interrupt_info_t){
      .line = (uint32_t)index,
      .vector = (uint32_t)(kInterruptFirstVector + index),
      .count = entry.count,
      .errors = entry.errors,
  };
  text_copy(SPAN_OF(text_buffer, info->name), SPAN_OF(text, entry.name));
  return OK;
}
