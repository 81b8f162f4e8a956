// SPDX-License-Identifier: MIT
// Declares more state than a machine with 16 MiB has.
#include "nano_core/api/cell.h"

enum { kHoardBytes = 1900000 };

typedef struct hoard {
  monitor_t monitor;
  uint8_t bytes[kHoardBytes];
} hoard_t;

STATE(hoard_t, hoard_1);
STATE(hoard_t, hoard_2);
STATE(hoard_t, hoard_3);
STATE(hoard_t, hoard_4);
STATE(hoard_t, hoard_5);
STATE(hoard_t, hoard_6);
STATE(hoard_t, hoard_7);
STATE(hoard_t, hoard_8);

CELL_EXPORT u64_result_t hoarder_first(void);

u64_result_t hoarder_first(void) {
  const hoard_t *const hoards[] = {state_hoard_1, state_hoard_2, state_hoard_3, state_hoard_4,
                                   state_hoard_5, state_hoard_6, state_hoard_7, state_hoard_8};
  uint64_t sum = 0;
  for (size_t i = 0; i < COUNT_OF(hoards); i++) sum += hoards[i]->bytes[0];
  return (u64_result_t){.value = sum};
}
