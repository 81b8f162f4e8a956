// SPDX-License-Identifier: MIT
// Constants, and declared state.
#include "nano_core/api/cell.h"

typedef struct specimen_state {
  monitor_t monitor;
  uint64_t count GUARDED_BY(&monitor);
} specimen_state_t;

STATE(specimen_state_t, specimen_state);

static const uint64_t kFactor = 3;
static const uint64_t kTable[2][2] = {{1, 2}, {3, 4}};
static const char *const kNames[] = {"a", "b"};
enum { kCount = 2 };

CELL_EXPORT u64_result_t specimen_count(void) {
  static const uint8_t kWeights[kCount] = {1, 2};
  monitor_enter(&state_specimen_state->monitor);
  state_set(&state_specimen_state->count, state_specimen_state->count + kWeights[1]);
  const uint64_t count = state_specimen_state->count;
  monitor_exit(&state_specimen_state->monitor);
  return (u64_result_t){.value = count * kFactor * kTable[1][1] + (uint64_t)*kNames[0]};
}
