// SPDX-License-Identifier: MIT
#include "nano_core/arch/emergency_console.h"

#include "nano_core/api/port_io.h"

enum uart_port {
  kUartData = 0x3f8,
  kUartInterrupts = 0x3f9,
  kUartFifo = 0x3fa,
  kUartLine = 0x3fb,
  kUartModem = 0x3fc,
  kUartStatus = 0x3fd,
};

enum uart_status { kUartReady = 0x01, kUartEmpty = 0x20, kUartAbsent = 0xff };

// A character takes 87 us at 115200 baud, a port access about 1 us.
enum { kUartPolls = 100000 };

void emergency_console_initialize(void) {
  port_write8(kUartInterrupts, 0);
  port_write8(kUartLine, 0x80);  // the next two are the divisor
  port_write8(kUartData, 1);
  port_write8(kUartInterrupts, 0);
  port_write8(kUartLine, 0x03);
  port_write8(kUartFifo, 0x07);   // on, emptied
  port_write8(kUartModem, 0x03);  // data terminal ready, request to send
}

static bool uart_await_room(void) {
  for (uint32_t i = 0; i < kUartPolls; i++) {
    const uint8_t status = port_read8(kUartStatus);
    if (status == kUartAbsent) return false;
    if (status & kUartEmpty) return true;
  }
  return false;
}

void emergency_console_write(text_t text) {
  for (size_t i = 0; i < text.length && uart_await_room(); i++) {
    port_write8(kUartData, (uint8_t)*text_at(text, i));
  }
}

bool emergency_console_read(uint8_t *out) {
  const uint8_t status = port_read8(kUartStatus);
  if (status == kUartAbsent || !(status & kUartReady)) return false;
  *out = port_read8(kUartData);
  return true;
}
