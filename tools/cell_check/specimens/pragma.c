// SPDX-License-Identifier: MIT
// Switching checks off.
#include "nano_core/api/cell.h"

#pragma clang diagnostic ignored "-Wshadow"  // refused: pragma

#define QUIET _Pragma("clang diagnostic ignored \"-Wvla\"")  // refused: pragma

CELL_EXPORT status_t specimen_run(void) { return OK; }
