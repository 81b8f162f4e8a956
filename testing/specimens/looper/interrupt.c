// SPDX-License-Identifier: MIT
// A handler that does not end: that of the periodic interrupt of the clock of a PC.
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "nano_core/api/cell.h"
#include "nano_core/api/port_io.h"

// Motorola MC146818A.
enum {
  kLine = 8,
  kIndexPort = 0x70,
  kDataPort = 0x71,
  kRegisterB = 0x0b,
  kRegisterC = 0x0c,  // read to let the next interrupt come
  kPeriodic = 1 << 6,
};

CELL_EXPORT status_t looper_listen(void);
CELL_EXPORT status_t looper_interrupt(void);
CELL_EXPORT status_t looper_reset(void);

static uint8_t read_clock(uint8_t number) {
  port_write8(kIndexPort, number);
  return port_read8(kDataPort);
}

static void set_periodic(bool on) {
  const uint8_t before = read_clock(kRegisterB);
  port_write8(kIndexPort, kRegisterB);
  port_write8(kDataPort, (uint8_t)(on ? before | kPeriodic : before & ~kPeriodic));
  read_clock(kRegisterC);
}

// One interrupt will come.
status_t looper_listen(void) {
  const reference_result_t handler = reference_obtain(TEXT("looper_interrupt"));
  TRY(handler.status);
  TRY(interrupt_dispatch_register(kLine, handler.value, TEXT("looper")));
  set_periodic(true);
  return OK;
}

status_t looper_reset(void) {
  set_periodic(false);
  return OK;
}

status_t looper_interrupt(void) {
  set_periodic(false);
  for (;;) {
  }
}
