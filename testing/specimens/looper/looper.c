// SPDX-License-Identifier: MIT
// Does not end, each time in another way.
#include "nano_core/api/cell.h"
#include "testing/specimens/looper_start/looper_start.h"

typedef struct looper_plain {
  monitor_t monitor;
  uint64_t changes;
} looper_plain_t;

// Its monitor holds off interrupts.
typedef struct looper_masked {
  monitor_t monitor;
  uint64_t changes;
} looper_masked_t;

STATE(looper_plain_t, looper_plain);
STATE(looper_masked_t, looper_masked);

CELL_EXPORT status_t looper_endless(void);
CELL_EXPORT status_t looper_inside(uint64_t masked);
CELL_EXPORT status_t looper_enters(uint64_t masked);
CELL_EXPORT u64_result_t looper_changes(void);
CELL_EXPORT u64_result_t looper_nested(uint64_t times);
CELL_EXPORT status_t looper_calls(void);
CELL_EXPORT u64_result_t looper_lazy(void);

status_t looper_endless(void) {
  for (;;) {
  }
}

static void make_masked(void) {
  monitor_enter(&state_looper_masked->monitor);
  const bool done = state_looper_masked->monitor.interrupts != 0;
  monitor_exit(&state_looper_masked->monitor);
  if (!done) state_set(&state_looper_masked->monitor.interrupts, 1);
}

// Inside of a monitor, after a change.
status_t looper_inside(uint64_t masked) {
  make_masked();
  if (masked != 0) {
    monitor_enter(&state_looper_masked->monitor);
    state_set(&state_looper_masked->changes, state_looper_masked->changes + 1);
    for (;;) {
    }
  }
  monitor_enter(&state_looper_plain->monitor);
  state_set(&state_looper_plain->changes, state_looper_plain->changes + 1);
  for (;;) {
  }
}

// Enters and leaves a monitor again and again, so that interrupts are hardly ever on.
status_t looper_enters(uint64_t masked) {
  make_masked();
  const monitor_t *monitor =
      masked != 0 ? &state_looper_masked->monitor : &state_looper_plain->monitor;
  for (;;) {
    monitor_enter(monitor);
    monitor_exit(monitor);
  }
}

// What was changed and not undone.
u64_result_t looper_changes(void) {
  monitor_enter(&state_looper_plain->monitor);
  monitor_enter(&state_looper_masked->monitor);
  const uint64_t changes = state_looper_plain->changes + state_looper_masked->changes;
  monitor_exit(&state_looper_masked->monitor);
  monitor_exit(&state_looper_plain->monitor);
  return (u64_result_t){.value = changes};
}

// Counts calls that do not end and answer TIMEOUT.
u64_result_t looper_nested(uint64_t times) {
  const reference_result_t endless = reference_obtain(TEXT("looper_endless"));
  TRY_RESULT(u64_result_t, endless.status);
  u64_result_t result = {};
  for (uint64_t i = 0; i < times; i++) {
    const status_t status = reference_call(endless.value, 0, 0, 0, 0, 0).status;
    result.value += status_is(status, STATUS_TIMEOUT);
  }
  status_ignore(reference_release(endless.value), "it was just obtained");
  return result;
}

// Makes short calls, without end.
status_t looper_calls(void) {
  const reference_result_t changes = reference_obtain(TEXT("looper_changes"));
  TRY(changes.status);
  for (;;) status_ignore(reference_call(changes.value, 0, 0, 0, 0, 0).status, "there is the next");
}

// Calls a cell that must be initialised first; what it is answered is the value.
u64_result_t looper_lazy(void) { return (u64_result_t){.value = looper_start_answer().code}; }
