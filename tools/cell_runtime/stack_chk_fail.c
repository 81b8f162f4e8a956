// SPDX-License-Identifier: MIT
#include "tools/cell_runtime/memory.h"

// A trap with a number of its own, in the form of the compiler's (nano_core/fault/cause.c).
void __stack_chk_fail(void) {
  __asm__ volatile("ud1l 0x63(%eax), %eax");
  __builtin_unreachable();
}
