// SPDX-License-Identifier: MIT
/// @file
/// The PS/2 controller (i8042), which keyboard and mouse share: its ports, its set-up, and the
/// bytes that come.
///
/// The two devices talk through one register, and a byte is gone once it was read. So whoever asks
/// first fetches what there is for both, each into its own queue; a byte stays there until its
/// driver says that it has dealt with it.
/// @spill   none in the cell; queues and settings are in the blob `ps2_controller_queues`.
/// @source  IBM PS/2 Hardware Interface Technical Reference, keyboard and auxiliary device
///          controller.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum ps2_controller_port { kPs2ControllerKeyboard, kPs2ControllerMouse, kPs2ControllerPorts };

enum {
  kPs2ControllerBytes = 64,     // that wait for a driver, of each port
  kPs2ControllerMore = 1 << 8,  // of ps2_controller_next
  kPs2ControllerNumberShift = 9,
};

typedef struct ps2_controller_counters {
  uint64_t keyboard_bytes;  // that came
  uint64_t mouse_bytes;
  uint64_t keyboard_lost;  // of them, those that found the queue full
  uint64_t mouse_lost;
} ps2_controller_counters_t;

/// Called by nano_core when the interface is first needed. Touches no port.
/// @errors   those of blob_retain
CELL_EXPORT status_t ps2_controller_initialize(void);

/// Lets the device of a port send, and its interrupt through. The first time the controller is
/// tested and set up.
/// @param port  enum ps2_controller_port
/// @errors   OUT_OF_RANGE: `port`. NOT_FOUND: the controller has no such port. IO_ERROR: there is
/// no
///           controller, or it fails.
/// @context  steps; never waits; polls, some milliseconds at most, with interrupts held off
CELL_EXPORT status_t ps2_controller_open(uint64_t port);

/// Sends a byte to a device, and has it acknowledged.
/// @param byte  0 .. 255
/// @errors   OUT_OF_RANGE: an argument. IO_ERROR: no device answers, or it refuses the byte.
/// @context  as ps2_controller_open
CELL_EXPORT status_t ps2_controller_send(uint64_t port, uint64_t byte);

/// The same, for a byte that the device answers with one more.
/// @returns  that one
/// @errors   as ps2_controller_send
/// @context  as ps2_controller_open
CELL_EXPORT u32_result_t ps2_controller_ask(uint64_t port, uint64_t byte);

/// The oldest byte of a device that its driver has not dealt with. Bytes are numbered from 1 on.
/// @param done  the number of the last byte that was dealt with; 0: none. Those up to it go.
/// @returns  the byte, kPs2ControllerMore where another is there behind it, and the number from bit
///           kPs2ControllerNumberShift on
/// @errors   OUT_OF_RANGE: `port`. NOT_FOUND: none is there.
/// @context  any, interrupt handlers included; never waits; at most 16 bytes are fetched
CELL_EXPORT u64_result_t ps2_controller_next(uint64_t port, uint64_t done);

/// Has the controller behave as if the device had sent a byte: it comes back by interrupt.
/// @param byte  0 .. 255
/// @errors   OUT_OF_RANGE: an argument. BUSY: something is on its way; try again. IO_ERROR: the
///           controller takes no commands. Nothing is sent.
/// @context  steps; never waits
CELL_EXPORT status_t ps2_controller_inject(uint64_t port, uint64_t byte);

/// The counters since boot.
CELL_EXPORT status_t ps2_controller_describe(OUT ps2_controller_counters_t *counters);

/// Sets the controller up anew, with the ports open that were. Bytes that wait stay.
/// @errors   IO_ERROR: there is no controller, or it fails
/// @context  as ps2_controller_open
CELL_EXPORT status_t ps2_controller_reset(void);

EXTERN_C_END
