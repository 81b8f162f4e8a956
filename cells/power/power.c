// SPDX-License-Identifier: MIT
#include "cells/power/power.h"

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/host_channel/host_channel.h"
#include "cells/power/fadt.h"
#include "nano_core/api/mmio.h"
#include "nano_core/api/port_io.h"

enum {
  kExitPort = 0xf4,   // QEMU's isa-debug-exit: its exit status is 2 * value + 1
  kExitValue = 0x10,  // of code 0
  kHighestCode = 100,
  kResetPort = 0xcf9,  // of the chip set
  kResetHard = 0x06,
  kKeyboardPort = 0x64,
  kPulseReset = 0xfe,
};

// Bits of ACPI's control registers.
enum {
  kControlAcpi = 1 << 0,  // the system, not the firmware, gets ACPI's events
  kControlTypeShift = 10,
  kControlTypeMask = 7 << kControlTypeShift,
  kControlSleep = 1 << 13,
  // The firmware takes its time to hand over, but not for ever: about 0.3 s.
  kHandOverReads = 300000,
};

// Has the firmware hand ACPI over; without that some machines ignore the control registers.
static void take_acpi_over(const fadt_power_t *power) {
  if (power->smi_port == 0 || power->enable_value == 0) return;
  if ((port_read16(power->control_a) & kControlAcpi) != 0) return;
  port_write8(power->smi_port, power->enable_value);
  for (size_t i = 0; i < kHandOverReads; i++) {
    if ((port_read16(power->control_a) & kControlAcpi) != 0) return;
  }
}

// The type is set first, then the bit that makes it count.
static void enter_sleep(uint16_t port, uint8_t type) {
  const uint32_t kept = port_read16(port) & ~(uint32_t)(kControlTypeMask | kControlSleep);
  const uint32_t value = kept | (uint32_t)type << kControlTypeShift;
  port_write16(port, (uint16_t)value);
  port_write16(port, (uint16_t)(value | kControlSleep));
}

static status_t off_by_acpi(void) {
  fadt_power_t power;
  sleep_types_t types;
  TRY(fadt_read_power(&power));
  TRY(aml_find_sleep(&types));
  take_acpi_over(&power);
  enter_sleep(power.control_a, types.a);
  if (power.control_b != 0) enter_sleep(power.control_b, types.b);
  return ERR(UNSUPPORTED);
}

status_t power_off(uint64_t code) {
  if (code > kHighestCode) return ERR(OUT_OF_RANGE);
  status_ignore(host_channel_announce(kHostChannelPowerOff), "nobody may be listening");
  port_write8(kExitPort, (uint8_t)(kExitValue + code));
  status_ignore(off_by_acpi(), "what did not work shows in that this goes on");
  return ERR(UNSUPPORTED);
}

static status_t write_memory(paddr_t address, uint8_t value) {
  const owner_result_t owner = owner_self();
  TRY(owner.status);
  const uint64_t offset = address.bytes % kFrameBytes;
  const memory_result_t memory =
      address_space_mapper_map_device(owner.value, (paddr_t){address.bytes - offset}, offset + 1);
  TRY(memory.status);
  mmio_write8((byte_span_t){memory.value, offset + 1}, offset, value);
  return address_space_mapper_unmap(owner.value, memory.value);
}

static status_t reset_by_acpi(void) {
  fadt_reset_t reset;
  TRY(fadt_read_reset(&reset));
  if (reset.space == kSpaceMemory) return write_memory((paddr_t){reset.address}, reset.value);
  if (reset.space != kSpacePorts || reset.address > UINT16_MAX) return ERR(UNSUPPORTED);
  port_write8((uint16_t)reset.address, reset.value);
  return OK;
}

status_t power_reboot(void) {
  status_ignore(host_channel_announce(kHostChannelReset), "nobody may be listening");
  status_ignore(reset_by_acpi(), "what did not work shows in that this goes on");
  port_write8(kResetPort, kResetHard);
  port_write8(kKeyboardPort, kPulseReset);
  return ERR(UNSUPPORTED);
}
