// SPDX-License-Identifier: MIT
/// @file
/// This processor's local APIC. Boot maps its registers, uncached, in the physical map.
#pragma once
#include "nano_core/arch/paging.h"

static const paddr_t kApicRegisters = {UINT64_C(0xfee00000)};

/// Turns the local APIC on: spurious interrupts are vector 255, LINT1 is the NMI, all else is
/// masked.
/// @param registers  physical_pointer(kApicRegisters)
void apic_enable(void *registers);

/// Tells the local APIC that the interrupt in service has been handled.
void apic_end_of_interrupt(void *registers);

/// The number of this processor's APIC.
uint32_t apic_number(void *registers);

/// Interrupts another processor. Interrupts are off.
void apic_send(void *registers, uint32_t apic, uint32_t vector);

/// Masks every line of both legacy interrupt controllers.
void legacy_interrupts_mask(void);
