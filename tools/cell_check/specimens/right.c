// SPDX-License-Identifier: MIT
// Hardware that the cell has no right to: of these it has `mmio`.
#include "nano_core/api/cell.h"
#include "nano_core/api/cycle_counter.h"  // refused: right
#include "nano_core/api/mmio.h"
#include "nano_core/api/port_io.h"  // refused: right

CELL_EXPORT u64_result_t specimen_now(void) { return (u64_result_t){.value = cycle_counter()}; }
