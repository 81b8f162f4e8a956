// SPDX-License-Identifier: MIT
// The compiler's headers that bring instructions or variable arguments.
#include <stdarg.h>  // refused: include
#include <stddef.h>
#include <stdint.h>
#include <x86gprintrin.h>  // refused: include

#include "nano_core/api/cell.h"

CELL_EXPORT status_t specimen_run(void) { return OK; }
