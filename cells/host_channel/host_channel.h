// SPDX-License-Identifier: MIT
/// @file
/// Single bytes to the program that runs the emulator, through QEMU's debug port. On a machine
/// without it every call does nothing.
/// @spill   none: no state in this cell.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum host_channel_announcement {
  kHostChannelReset = 'R',
  kHostChannelPowerOff = 'P',
};

/// Tells that one key from outside has been dealt with (byte 'K').
/// @context  any; never waits
CELL_EXPORT status_t host_channel_acknowledge_key(void);

/// Tells that a reset or a power-off that somebody asked for follows.
/// @param kind  enum host_channel_announcement
/// @errors   INVALID_ARGUMENT: `kind`
/// @context  any; never waits
CELL_EXPORT status_t host_channel_announce(uint64_t kind);

EXTERN_C_END
