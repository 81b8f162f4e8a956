// SPDX-License-Identifier: MIT
/// @file
/// Routes the lines of devices to the processor, by the I/O APIC. The legacy controllers are
/// masked.
/// @spill   none in the cell; where the registers are mapped stands in the blob
///          `interrupt_controller_registers`.
/// @source  Intel 82093AA (I/O APIC) data sheet, section 3.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// Maps the controller and masks every line. Called by nano_core, once.
/// @errors   those of address_space_mapper_map_device. UNSUPPORTED: no controller answers.
CELL_EXPORT status_t interrupt_controller_initialize(void);

/// Lets a line through to the first processor.
/// @param line    as on the ISA bus, 0 to 15, or a pin from 16 on; not 2, where the second legacy
///                controller is
/// @param vector  32 to 239
/// @errors   OUT_OF_RANGE: `line` or `vector`. Nothing is changed.
/// @context  steps; never waits
CELL_EXPORT status_t interrupt_controller_enable(uint64_t line, uint64_t vector);

/// Masks a line.
/// @errors   OUT_OF_RANGE
/// @context  any, interrupt handlers included; never waits
CELL_EXPORT status_t interrupt_controller_disable(uint64_t line);

EXTERN_C_END
