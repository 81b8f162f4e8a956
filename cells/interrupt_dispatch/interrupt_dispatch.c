// SPDX-License-Identifier: MIT
#include "cells/interrupt_dispatch/interrupt_dispatch.h"

#include "cells/interrupt_controller/interrupt_controller.h"
#include "nano_core/api/memory.h"
#include "nano_core/api/watchdog.h"

// The entries: a line each, then a message each.
enum { kEntries = kInterruptLines + kInterruptMessages };

// Where messages go; the number of the local APIC is added. The data is the vector alone: fixed
// delivery, edge.
static const uint64_t kMessageAddress = 0xfee00000;

enum {
  kMessageTargetShift = 12,
  kLastTarget = 254,
};

// An interrupt that comes while its handler seems to run on another processor makes that one call
// it again. So many in a row mean that it does not run there at all: its call was ended half-way.
enum { kMostMissed = 64 };

typedef struct interrupt_entry {
  reference_t handler;  // none: nobody has it
  uint64_t counts[kProcessors];
  uint64_t errors;
  uint64_t running;  // 1 + the number of the processor that the handler runs on; 0: none
  uint64_t missed;   // interrupts that came meanwhile
  char name[kInterruptNameBytes];
} interrupt_entry_t;

typedef struct interrupt_table {
  monitor_t monitor;
  interrupt_entry_t entries[kEntries];
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

static uint64_t vector_of(uint64_t index) {
  return index < kInterruptLines ? kInterruptFirstVector + index
                                 : kInterruptFirstMessageVector + index - kInterruptLines;
}

// The entry of a vector; kEntries: there is none.
static uint64_t entry_of(uint64_t vector) {
  const uint64_t line = vector - kInterruptFirstVector;  // wraps for those below
  if (line < kInterruptLines) return line;
  const uint64_t message = vector - kInterruptFirstMessageVector;
  return message < kInterruptMessages ? kInterruptLines + message : kEntries;
}

static interrupt_entry_t make_entry(reference_t handler, text_t name) {
  interrupt_entry_t entry = {.handler = handler};
  text_copy((text_buffer_t){entry.name, kInterruptNameBytes - 1}, name);
  return entry;
}

// Stores the handler of a line. ALREADY_EXISTS: there is one; *same tells whether it is this one.
static status_t connect(uint64_t line, reference_t handler, text_t name, bool *same) {
  const interrupt_entry_t entry = make_entry(handler, name);
  const interrupt_entry_t *place = &state_interrupt_dispatch_table->entries[line];
  monitor_enter(&state_interrupt_dispatch_table->monitor);
  const bool taken = !reference_is_none(place->handler);
  *same = taken && is_same(place->handler, handler);
  if (!taken) state_copy(place, &entry, sizeof(entry));
  monitor_exit(&state_interrupt_dispatch_table->monitor);
  return taken ? ERR(ALREADY_EXISTS) : OK;
}

// Finds the entry for the messages of `handler`: its own, else a free one; else kEntries.
static uint64_t find_message(reference_t handler)
    REQUIRES(state_interrupt_dispatch_table->monitor) {
  uint64_t found = kEntries;
  for (uint64_t i = kInterruptLines; i < kEntries; i++) {
    const reference_t taken = state_interrupt_dispatch_table->entries[i].handler;
    if (is_same(taken, handler)) return i;
    if (found == kEntries && reference_is_none(taken)) found = i;
  }
  return found;
}

// Stores the handler of messages in *index. NO_MEMORY: no vector is free.
static status_t connect_message(reference_t handler, text_t name, uint64_t *index, bool *same) {
  const interrupt_entry_t entry = make_entry(handler, name);
  monitor_enter(&state_interrupt_dispatch_table->monitor);
  *index = find_message(handler);
  if (*index < kEntries) {
    const interrupt_entry_t *place = &state_interrupt_dispatch_table->entries[*index];
    *same = is_same(place->handler, handler);
    if (!*same) state_copy(place, &entry, sizeof(entry));
  }
  monitor_exit(&state_interrupt_dispatch_table->monitor);
  return *index < kEntries ? OK : ERR(NO_MEMORY);
}

// Empties an entry. Returns the handler that was in it.
static reference_t disconnect(uint64_t index) {
  const interrupt_entry_t *place = &state_interrupt_dispatch_table->entries[index];
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
  const status_t enabled = interrupt_controller_enable(line, vector_of(line));
  if (!status_is_ok(enabled)) disconnect(line);
  return enabled;
}

// The number of a processor's local APIC.
static status_t find_target(uint64_t processor, uint64_t *target) {
  processor_info_t info = {};
  const status_t status = processor_describe(processor, &info);
  if (status_is(status, STATUS_NOT_FOUND)) return ERR(UNAVAILABLE);
  TRY(status);
  if (info.status != kProcessorOnline) return ERR(UNAVAILABLE);
  if (info.apic > kLastTarget) return ERR(UNSUPPORTED);
  *target = info.apic;
  return OK;
}

status_t interrupt_dispatch_register_message(reference_t handler, text_t name,
                                             interrupt_message_t *message) {
  if (reference_is_none(handler)) return ERR(INVALID_ARGUMENT);
  uint64_t target = 0;
  TRY(find_target(0, &target));
  uint64_t index = kEntries;
  bool same = false;
  TRY(connect_message(handler, name, &index, &same));
  if (same) status_ignore(reference_release(handler), "the table's own count stays");
  const uint32_t vector = (uint32_t)vector_of(index);
  *message = (interrupt_message_t){kMessageAddress | target << kMessageTargetShift, vector, vector};
  return OK;
}

status_t interrupt_dispatch_unregister(uint64_t line) {
  if (line >= kInterruptLines) return ERR(OUT_OF_RANGE);
  const reference_t handler = disconnect(line);
  if (reference_is_none(handler)) return ERR(NOT_FOUND);
  status_ignore(interrupt_controller_disable(line), "without a handler the line does no harm");
  return reference_release(handler);
}

status_t interrupt_dispatch_unregister_message(uint64_t vector) {
  const uint64_t index = entry_of(vector);
  if (index < kInterruptLines || index >= kEntries) return ERR(OUT_OF_RANGE);
  const reference_t handler = disconnect(index);
  if (reference_is_none(handler)) return ERR(NOT_FOUND);
  return reference_release(handler);
}

// Counts an interrupt. Returns the handler that is to be called here: none where nobody has the
// vector, or where it runs elsewhere.
static reference_t begin(uint64_t index, uint64_t processor, bool *taken) {
  const interrupt_entry_t *place = &state_interrupt_dispatch_table->entries[index];
  reference_t handler = {};
  monitor_enter(&state_interrupt_dispatch_table->monitor);
  *taken = !reference_is_none(place->handler);
  if (*taken) {
    state_set(&place->counts[processor], place->counts[processor] + 1);
    const bool elsewhere = place->running != 0 && place->running != processor + 1;
    if (elsewhere && place->missed < kMostMissed) {
      state_set(&place->missed, place->missed + 1);
    } else {
      // On this very processor it cannot run: that call did not come to its end.
      state_set(&place->running, processor + 1);
      state_set(&place->missed, UINT64_C(0));
      handler = place->handler;
    }
  }
  monitor_exit(&state_interrupt_dispatch_table->monitor);
  return handler;
}

// Takes note of how the handler's call ended, unless the entry has changed hands meanwhile. Returns
// whether it is to be called again, which `last` rules out.
static bool end(uint64_t index, uint64_t processor, reference_t handler, status_t status,
                bool last) {
  const interrupt_entry_t *place = &state_interrupt_dispatch_table->entries[index];
  monitor_enter(&state_interrupt_dispatch_table->monitor);
  const bool mine = is_same(place->handler, handler) && place->running == processor + 1;
  const bool again = mine && place->missed != 0 && !last;
  if (mine && !status_is_ok(status)) state_set(&place->errors, place->errors + 1);
  if (mine) state_set(&place->missed, UINT64_C(0));
  if (mine && !again) state_set(&place->running, UINT64_C(0));
  monitor_exit(&state_interrupt_dispatch_table->monitor);
  return again;
}

status_t interrupt_dispatch_handle(uint64_t vector) {
  const uint64_t index = entry_of(vector);
  if (index >= kEntries) return ERR(OUT_OF_RANGE);
  // A handler stays on its processor.
  const u32_result_t self = processor_self();
  const uint64_t processor = self.value < kProcessors ? self.value : 0;
  bool taken = false;
  const reference_t handler = begin(index, processor, &taken);
  if (!taken) return ERR(NOT_FOUND);
  if (reference_is_none(handler)) return OK;
  status_t status = OK;
  bool again = true;
  for (uint32_t calls = 1; again; calls++) {
    status = reference_call(handler, 0, 0, 0, 0, 0).status;
    again = end(index, processor, handler, status, calls == kMostMissed);
  }
  return status;
}

static bool is_taken(uint64_t index) {
  monitor_enter(&state_interrupt_dispatch_table->monitor);
  const bool taken = !reference_is_none(state_interrupt_dispatch_table->entries[index].handler);
  monitor_exit(&state_interrupt_dispatch_table->monitor);
  return taken;
}

status_t interrupt_dispatch_route(uint64_t line, uint64_t processor) {
  if (line >= kInterruptLines) return ERR(OUT_OF_RANGE);
  if (!is_taken(line)) return ERR(NOT_FOUND);
  uint64_t target = 0;
  TRY(find_target(processor, &target));
  return interrupt_controller_route(line, target);
}

// nano_core first, which takes an NMI that it was not told about for a failure of the machine.
status_t interrupt_dispatch_watch(uint64_t line) {
  if (line >= kInterruptLines) return ERR(OUT_OF_RANGE);
  if (!is_taken(line)) return ERR(NOT_FOUND);
  TRY(watchdog_start(vector_of(line)));
  return interrupt_controller_make_nmi(line);
}

static status_t describe(uint64_t index, interrupt_info_t *info) {
  monitor_enter(&state_interrupt_dispatch_table->monitor);
  const interrupt_entry_t entry = state_interrupt_dispatch_table->entries[index];
  monitor_exit(&state_interrupt_dispatch_table->monitor);
  if (reference_is_none(entry.handler)) return ERR(NOT_FOUND);
  *info = (interrupt_info_t){
      .line = index < kInterruptLines ? (uint32_t)index : kInterruptNoLine,
      .vector = (uint32_t)vector_of(index),
      .errors = entry.errors,
  };
  for (size_t i = 0; i < kProcessors; i++) {
    info->counts[i] = entry.counts[i];
    info->count += entry.counts[i];
  }
  text_copy(SPAN_OF(text_buffer, info->name), SPAN_OF(text, entry.name));
  return OK;
}

status_t interrupt_dispatch_describe(uint64_t index, interrupt_info_t *info) {
  return index < kInterruptLines ? describe(index, info) : ERR(END);
}

status_t interrupt_dispatch_describe_message(uint64_t index, interrupt_info_t *info) {
  return index < kInterruptMessages ? describe(kInterruptLines + index, info) : ERR(END);
}
