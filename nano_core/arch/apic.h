// SPDX-License-Identifier: MIT
/// @file
/// This processor's local APIC. Boot maps its registers, uncached, in the physical map. What goes
/// to another processor names that one's local APIC, by a number of at most kApicHighest.
/// @source  Intel SDM volume 3, sections 9.4 and 11.6.
#pragma once
#include "nano_core/arch/paging.h"
EXTERN_C_BEGIN

static const paddr_t kApicRegisters = {UINT64_C(0xfee00000)};

/// 255 stands for all.
enum { kApicRegisterBytes = 0x400, kApicHighest = 254 };

/// Turns the local APIC on: spurious interrupts are vector 255, LINT1 is the NMI, all else is
/// masked.
/// @param registers  physical_pointer(kApicRegisters)
void apic_enable(void *registers);

/// Tells the local APIC that the interrupt in service has been handled.
void apic_end_of_interrupt(void *registers);

/// The number of this local APIC.
uint32_t apic_number(void *registers);

/// Interrupts another processor.
/// @context  any; waits until the interrupt before is on its way, microseconds at most
void apic_send(void *registers, uint32_t apic, uint8_t vector);

/// Resets another processor: it waits for apic_send_startup.
/// @context  as apic_send
void apic_send_init(void *registers, uint32_t apic);

/// Has a processor that was reset begin, in real mode.
/// @param page  where, in frames from 0 on; below 1 MiB
/// @context  as apic_send
void apic_send_startup(void *registers, uint32_t apic, uint8_t page);

/// Has another processor take an NMI, whatever it does.
/// @context  as apic_send
void apic_send_nmi(void *registers, uint32_t apic);

/// Interrupts this processor.
/// @context  any, NMI included: what an interrupted apic_send was about to send still goes out
void apic_send_self(void *registers, uint8_t vector);

/// What an NMI that sends has to restore afterwards: it may have interrupted an apic_send.
uint32_t apic_target(void *registers);
void apic_target_restore(void *registers, uint32_t target);

/// Masks every line of both legacy interrupt controllers.
void legacy_interrupts_mask(void);

EXTERN_C_END
