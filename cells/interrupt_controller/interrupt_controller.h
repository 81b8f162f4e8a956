// SPDX-License-Identifier: MIT
/// @file
/// Routes the lines of devices to the processors, by the I/O APICs. The legacy controllers are
/// masked.
/// @spill   none in the cell; where the registers are mapped, and which line comes in where, stands
///          in the blob `interrupt_controller_registers`.
/// @source  Intel 82093AA (I/O APIC) data sheet, section 3; ACPI specification 6.5, section 5.2.12.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// Learns from the firmware's tables which controllers there are and where the ISA bus's lines come
/// in (without them: one controller, at its usual address), maps the controllers and masks every
/// line. Called by nano_core when the interface is first needed.
/// @errors   those of address_space_mapper_map_device. UNSUPPORTED: no controller answers.
CELL_EXPORT status_t interrupt_controller_initialize(void);

/// Lets a line through to the first processor.
/// @param line    as on the ISA bus, 0 to 15, or a global interrupt from 16 on; not 2, where the
///                second legacy controller is
/// @param vector  32 to 239
/// @errors   OUT_OF_RANGE: `line` or `vector`. Nothing is changed.
/// @context  steps; never waits
CELL_EXPORT status_t interrupt_controller_enable(uint64_t line, uint64_t vector);

/// Sends a line to another processor from now on. An interrupt that is on its way still goes to the
/// one before; none is lost.
/// @param line  as of interrupt_controller_enable, which sends it to the first processor again
/// @param apic  the number of the processor's local APIC
/// @errors   OUT_OF_RANGE: `line`, or `apic` is above 254. NOT_FOUND: the line is masked. Nothing
/// is
///           changed.
/// @context  any; never waits
CELL_EXPORT status_t interrupt_controller_route(uint64_t line, uint64_t apic);

/// Has a line, which is let through, come as NMI from now on, in place of its vector; enabling it
/// anew undoes that.
/// @param line  as of interrupt_controller_enable
/// @errors   OUT_OF_RANGE: `line`. NOT_FOUND: the line is masked. UNSUPPORTED: it signals by level.
///           Nothing is changed.
/// @context  steps; never waits
CELL_EXPORT status_t interrupt_controller_make_nmi(uint64_t line);

/// Masks a line.
/// @errors   OUT_OF_RANGE
/// @context  any, interrupt handlers included; never waits
CELL_EXPORT status_t interrupt_controller_disable(uint64_t line);

/// The global interrupt as which a line comes in: the pin, where there is one controller.
/// @errors   OUT_OF_RANGE: no controller has it.
/// @context  any; never waits
CELL_EXPORT u64_result_t interrupt_controller_global(uint64_t line);

/// Whether a line signals by edges, active high; what a device on it must do, too.
/// @errors   OUT_OF_RANGE: no controller has it.
/// @context  any; never waits
CELL_EXPORT bool_result_t interrupt_controller_is_edge(uint64_t line);

EXTERN_C_END
