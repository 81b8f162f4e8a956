// SPDX-License-Identifier: MIT
#include "nano_core/arch/apic.h"

#include "nano_core/api/port_io.h"
#include "nano_core/arch/interrupts.h"

enum apic_register {
  kApicNumber = 0x20,
  kApicTaskPriority = 0x80,
  kApicEndOfInterrupt = 0xb0,
  kApicSpurious = 0xf0,
  kApicCommand = 0x300,
  kApicCommandHigh = 0x310,
  kApicTimer = 0x320,
  kApicPerformance = 0x340,
  kApicLint0 = 0x350,
  kApicLint1 = 0x360,
  kApicError = 0x370,
};

enum { kApicSoftwareEnable = 1 << 8, kApicMasked = 1 << 16, kApicDeliverNmi = 4 << 8 };
enum { kLegacyMask1 = 0x21, kLegacyMask2 = 0xa1 };

static void apic_write(void *registers, enum apic_register offset, uint32_t value) {
  *(volatile uint32_t *)((uint8_t *)registers + offset) = value;
}

void apic_enable(void *registers) {
  // First: while the APIC is off, the local vectors cannot be unmasked.
  apic_write(registers, kApicSpurious, kApicSoftwareEnable | kVectorSpurious);
  apic_write(registers, kApicTimer, kApicMasked);
  apic_write(registers, kApicPerformance, kApicMasked);
  apic_write(registers, kApicLint0, kApicMasked);
  apic_write(registers, kApicLint1, kApicDeliverNmi);
  apic_write(registers, kApicError, kApicMasked);
  apic_write(registers, kApicTaskPriority, 0);
}

void apic_end_of_interrupt(void *registers) { apic_write(registers, kApicEndOfInterrupt, 0); }

uint32_t apic_number(void *registers) {
  return *(volatile uint32_t *)((uint8_t *)registers + kApicNumber) >> 24;
}

void apic_send(void *registers, uint32_t apic, uint32_t vector) {
  apic_write(registers, kApicCommandHigh, apic << 24);
  apic_write(registers, kApicCommand, vector);
}

void legacy_interrupts_mask(void) {
  port_write8(kLegacyMask1, 0xff);
  port_write8(kLegacyMask2, 0xff);
}
