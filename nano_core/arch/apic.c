// SPDX-License-Identifier: MIT
#include "nano_core/arch/apic.h"

#include "nano_core/api/mmio.h"
#include "nano_core/api/port_io.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/arch/interrupts.h"

enum apic_register {
  kApicNumber = 0x20,
  kApicTaskPriority = 0x80,
  kApicEndOfInterrupt = 0xb0,
  kApicSpurious = 0xf0,
  kApicCommand = 0x300,
  kApicCommandTarget = 0x310,
  kApicTimer = 0x320,
  kApicPerformance = 0x340,
  kApicLint0 = 0x350,
  kApicLint1 = 0x360,
  kApicError = 0x370,
};

enum { kApicSoftwareEnable = 1 << 8, kApicMasked = 1 << 16, kApicDeliverNmi = 4 << 8 };
enum { kApicTargetShift = 24 };
enum { kLegacyMask1 = 0x21, kLegacyMask2 = 0xa1 };

enum apic_command {
  kCommandFixed = 0 << 8,
  kCommandNmi = 4 << 8,
  kCommandInit = 5 << 8,
  kCommandStartup = 6 << 8,
  kCommandPending = 1 << 12,
  kCommandAssert = 1 << 14,
  kCommandSelf = 1 << 18,
};

// Reads of the register, each of which takes a good part of a microsecond.
enum { kPatience = 10000 };

static byte_span_t span(void *registers) { return (byte_span_t){registers, kApicRegisterBytes}; }

static void apic_write(void *registers, enum apic_register offset, uint32_t value) {
  mmio_write32(span(registers), offset, value);
}

static uint32_t apic_read(void *registers, enum apic_register offset) {
  return mmio_read32(span(registers), offset);
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
  return apic_read(registers, kApicNumber) >> kApicTargetShift;
}

// Until the command before is on its way.
static void await_command(void *registers) {
  for (uint32_t i = 0; i < kPatience; i++) {
    if ((apic_read(registers, kApicCommand) & kCommandPending) == 0) return;
    cpu_pause();
  }
}

// A handler that sends in between would change the target, so interrupts are off.
static void command(void *registers, uint32_t target, uint32_t value) {
  const uint64_t flags = cpu_flags_save();
  await_command(registers);
  apic_write(registers, kApicCommandTarget, target << kApicTargetShift);
  apic_write(registers, kApicCommand, value | kCommandAssert);
  cpu_flags_restore(flags);
}

void apic_send(void *registers, uint32_t apic, uint8_t vector) {
  command(registers, apic, kCommandFixed | vector);
}

void apic_send_init(void *registers, uint32_t apic) { command(registers, apic, kCommandInit); }

void apic_send_startup(void *registers, uint32_t apic, uint8_t page) {
  command(registers, apic, kCommandStartup | page);
}

void apic_send_nmi(void *registers, uint32_t apic) { command(registers, apic, kCommandNmi); }

uint32_t apic_target(void *registers) { return apic_read(registers, kApicCommandTarget); }

void apic_target_restore(void *registers, uint32_t target) {
  await_command(registers);
  apic_write(registers, kApicCommandTarget, target);
}

void apic_send_self(void *registers, uint8_t vector) {
  await_command(registers);
  apic_write(registers, kApicCommand, kCommandSelf | kCommandAssert | vector);
  await_command(registers);
}

void legacy_interrupts_mask(void) {
  port_write8(kLegacyMask1, 0xff);
  port_write8(kLegacyMask2, 0xff);
}
