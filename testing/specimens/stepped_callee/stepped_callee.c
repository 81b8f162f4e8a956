// SPDX-License-Identifier: MIT
#include "testing/specimens/stepped_callee/stepped_callee.h"

typedef struct stepped_callee_answers {
  monitor_t monitor;
  uint64_t count;
} stepped_callee_answers_t;

STATE(stepped_callee_answers_t, stepped_callee_answers);

u64_result_t stepped_callee_answer(uint64_t question) {
  monitor_enter(&state_stepped_callee_answers->monitor);
  state_set(&state_stepped_callee_answers->count, state_stepped_callee_answers->count + 1);
  monitor_exit(&state_stepped_callee_answers->monitor);
  return (u64_result_t){.value = ~question};
}
