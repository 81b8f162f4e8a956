// SPDX-License-Identifier: MIT
#include "testing/specimens/looper_start/looper_start.h"

status_t looper_start_initialize(void) {
  for (;;) {
  }
}

status_t looper_start_answer(void) { return OK; }
