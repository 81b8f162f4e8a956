// SPDX-License-Identifier: MIT
#include "tools/cell_runtime/memory.h"

void __stack_chk_fail(void) { __builtin_trap(); }
