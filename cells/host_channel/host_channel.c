// SPDX-License-Identifier: MIT
#include "cells/host_channel/host_channel.h"

#include "nano_core/api/port_io.h"

enum {
  kPort = 0xe9,
  kPresent = 0xe9,  // what the port reads where the device is there
  kKeyDone = 'K',
};

static void send(uint8_t byte) {
  if (port_read8(kPort) == kPresent) port_write8(kPort, byte);
}

status_t host_channel_acknowledge_key(void) {
  send(kKeyDone);
  return OK;
}

status_t host_channel_announce(uint64_t kind) {
  if (kind != kHostChannelReset && kind != kHostChannelPowerOff) return ERR(INVALID_ARGUMENT);
  send((uint8_t)kind);
  return OK;
}
