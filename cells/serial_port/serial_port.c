// SPDX-License-Identifier: MIT
#include "cells/serial_port/serial_port.h"

#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "nano_core/api/port_io.h"
#include "patterns/event.h"
#include "patterns/ring.h"

enum {
  kPort = 0x3f8,
  kData = kPort,
  kInterruptEnable = kPort + 1,
  kFifoControl = kPort + 2,
  kLineControl = kPort + 3,
  kModemControl = kPort + 4,
  kLineStatus = kPort + 5,
  kLineStatusReady = 1 << 0,
  kLineStatusOverrun = 1 << 1,
  kLineStatusEmpty = 1 << 5,
  kNoDevice = 0xff,
  kDivisorAccess = 0x80,
  kEightBits = 0x03,
  kFifoOnAndClear = 0x07,     // an interrupt for each character
  kReadyAndConnected = 0x0b,  // the third bit lets interrupts out
  kSerialLine = 4,
  kFifoBytes = 16,
  kUndividedBytes = 256,
  kInputBytes = 1024,
  // About a second at a tenth of a microsecond a poll: an emulated line is as slow as its reader.
  kPolls = 10000000,
};

RING_DEFINE(input_ring, uint8_t, kInputBytes);

// Interrupts come here. When the ring is full, characters stay in the device, and beyond its 16 the
// sender has to wait (as emulators do) or they are lost.
typedef struct serial_input {
  monitor_t monitor;
  event_t event;
  uint64_t overruns;
  input_ring_t ring;
} serial_input_t;

// Sending may take long, so this monitor does not hold off interrupts.
typedef struct serial_output {
  monitor_t monitor;
  uint64_t sent;
  uint64_t stalled;  // 1: the device did not take a character in time
} serial_output_t;

STATE(serial_input_t, serial_port_input);
STATE(serial_output_t, serial_port_output);

static void program_device(void) {
  port_write8(kInterruptEnable, 0);
  port_write8(kLineControl, kDivisorAccess);
  port_write8(kData, 1);  // 115200 / 1
  port_write8(kInterruptEnable, 0);
  port_write8(kLineControl, kEightBits);
  port_write8(kFifoControl, kFifoOnAndClear);
  port_write8(kModemControl, kReadyAndConnected);
  port_write8(kInterruptEnable, 1);
}

// Moves what the device has into the ring, as far as there is room. Returns whether anything came.
static bool fetch(void) REQUIRES(state_serial_port_input->monitor) {
  const serial_input_t *input = state_serial_port_input;
  bool any = false;
  while (!input_ring_is_full(&input->ring)) {
    const uint8_t status = port_read8(kLineStatus);
    if (status == kNoDevice || (status & kLineStatusReady) == 0) break;
    if ((status & kLineStatusOverrun) != 0) state_set(&input->overruns, input->overruns + 1);
    const uint8_t character = port_read8(kData);
    status_ignore(input_ring_push(&input->ring, &character), "there is room");
    any = true;
  }
  return any;
}

// Programs the device, while neither a handler nor a sender on another processor can be at it: for
// a moment its data port is the divisor. What has come is kept, as far as there is room for it.
// Returns whether anything has.
static bool set_up_device(void) {
  monitor_enter(&state_serial_port_output->monitor);
  monitor_enter(&state_serial_port_input->monitor);
  const bool any = fetch();
  program_device();
  monitor_exit(&state_serial_port_input->monitor);
  state_set(&state_serial_port_output->stalled, (uint64_t)0);
  monitor_exit(&state_serial_port_output->monitor);
  return any;
}

status_t serial_port_initialize(void) {
  // The handler enters. Nobody can be inside before this function is done.
  state_set(&state_serial_port_input->monitor.interrupts, 1);
  TRY(event_ensure(&state_serial_port_input->monitor, &state_serial_port_input->event).status);
  const reference_result_t handler = reference_obtain(TEXT("serial_port_interrupt"));
  TRY(handler.status);
  if (set_up_device()) event_signal_state(&state_serial_port_input->event);
  return interrupt_dispatch_register(kSerialLine, handler.value, TEXT("serial_port"));
}

// Whether the device takes characters; waits for it, but once it has failed, not again.
static bool wait_for_room(void) REQUIRES(state_serial_port_output->monitor) {
  const serial_output_t *output = state_serial_port_output;
  const uint32_t polls = output->stalled != 0 ? 1 : kPolls;
  for (uint32_t i = 0; i < polls; i++) {
    if ((port_read8(kLineStatus) & kLineStatusEmpty) != 0) {
      if (output->stalled != 0) state_set(&output->stalled, 0);
      return true;
    }
  }
  state_set(&output->stalled, 1);
  return false;
}

static status_t send(text_t text) REQUIRES(state_serial_port_output->monitor) {
  const serial_output_t *output = state_serial_port_output;
  for (size_t i = 0; i < text.length; i++) {
    if (i % kFifoBytes == 0 && !wait_for_room()) return ERR(IO_ERROR);
    port_write8(kData, (uint8_t)*text_at(text, i));
  }
  state_set(&output->sent, output->sent + text.length);
  return OK;
}

status_t serial_port_write(text_t text) {
  while (text.length > 0) {
    const size_t part = text.length < kUndividedBytes ? text.length : kUndividedBytes;
    monitor_enter(&state_serial_port_output->monitor);
    const status_t status = send(text_slice(text, 0, part));
    monitor_exit(&state_serial_port_output->monitor);
    TRY(status);
    text = text_slice(text, part, text.length - part);
  }
  return OK;
}

u32_result_t serial_port_read(void) {
  const serial_input_t *input = state_serial_port_input;
  TRY_RESULT(u32_result_t, event_watch_state(&state_serial_port_input->monitor, &input->event));
  uint8_t character = 0;
  monitor_enter(&state_serial_port_input->monitor);
  // The ring may have been full when the interrupt came; no other will.
  fetch();
  const status_t status = input_ring_pop(&input->ring, &character);
  monitor_exit(&state_serial_port_input->monitor);
  if (!status_is_ok(status)) return (u32_result_t){.status = ERR(WOULD_BLOCK)};
  return (u32_result_t){.value = character};
}

status_t serial_port_describe(serial_port_counters_t *counters) {
  monitor_enter(&state_serial_port_input->monitor);
  const uint64_t received = state_serial_port_input->ring.next;
  const uint64_t overruns = state_serial_port_input->overruns;
  monitor_exit(&state_serial_port_input->monitor);
  monitor_enter(&state_serial_port_output->monitor);
  const uint64_t sent = state_serial_port_output->sent;
  monitor_exit(&state_serial_port_output->monitor);
  *counters = (serial_port_counters_t){received, sent, overruns};
  return OK;
}

status_t serial_port_reset(void) {
  set_up_device();
  event_signal_state(&state_serial_port_input->event);
  return OK;
}

status_t serial_port_interrupt(void) {
  const serial_input_t *input = state_serial_port_input;
  if (input->monitor.interrupts == 0) return ERR(UNAVAILABLE);
  monitor_enter(&state_serial_port_input->monitor);
  if (fetch()) event_signal_state(&input->event);
  monitor_exit(&state_serial_port_input->monitor);
  return OK;
}
