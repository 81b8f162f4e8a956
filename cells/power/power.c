// SPDX-License-Identifier: MIT
#include "cells/power/power.h"

#include "cells/host_channel/host_channel.h"
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

status_t power_off(uint64_t code) {
  if (code > kHighestCode) return ERR(OUT_OF_RANGE);
  status_ignore(host_channel_announce(kHostChannelPowerOff), "nobody may be listening");
  port_write8(kExitPort, (uint8_t)(kExitValue + code));
  return ERR(UNSUPPORTED);
}

status_t power_reboot(void) {
  status_ignore(host_channel_announce(kHostChannelReset), "nobody may be listening");
  port_write8(kResetPort, kResetHard);
  port_write8(kKeyboardPort, kPulseReset);
  return ERR(UNSUPPORTED);
}
