// SPDX-License-Identifier: MIT
/// @file
/// Switches the machine off, or starts it anew.
/// @spill   none: no state in this cell.
/// @source  for ACPI: cells/power/fadt.h.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// Ends the emulator with an exit status that carries `code`; a machine that is none, or has no
/// such device, is switched off by ACPI. Does not return where that works.
/// @param code  0 (all is well) .. 100
/// @errors   OUT_OF_RANGE: `code`; nothing is done. UNSUPPORTED: the machine knows no way, and must
///           be switched off by hand.
CELL_EXPORT status_t power_off(uint64_t code);

/// Resets the machine. Does not return where that works.
/// @errors   UNSUPPORTED: neither the firmware's reset register, nor the chip set, nor the keyboard
///           controller did it.
CELL_EXPORT status_t power_reboot(void);

EXTERN_C_END
