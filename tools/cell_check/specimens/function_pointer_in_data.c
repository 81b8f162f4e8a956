// SPDX-License-Identifier: MIT
// Addresses of code that would outlive the code.
#include "nano_core/api/cell.h"

typedef uint64_t (*step_t)(uint64_t);  // refused: function-pointer-in-data

static uint64_t twice(uint64_t a) { return 2 * a; }

struct table {
  uint64_t (*step)(uint64_t);  // refused: function-pointer-in-data
};

typedef step_t steps_t[1];  // refused: function-pointer-in-data

static const steps_t kSteps = {twice};  // refused: function-pointer-in-data

static uint64_t apply(step_t step, uint64_t a) {  // refused: function-pointer-in-data
  return step(a);                                 // refused: function-pointer-in-data
}

static uint64_t apply_function(uint64_t step(uint64_t)) {  // refused: function-pointer-in-data
  return step(1);                                          // refused: function-pointer-in-data
}

CELL_EXPORT u64_result_t specimen_apply(uint64_t a) {
  const uint64_t code = (uint64_t)(uintptr_t)&twice;       // refused: function-pointer-in-data
  return (u64_result_t){.value = apply(twice, a) + code +  // refused: function-pointer-in-data
                                 kSteps[0](a) +            // refused: function-pointer-in-data
                                 apply_function(twice)};   // refused: function-pointer-in-data
}
