// SPDX-License-Identifier: MIT
#include "cells/pit/pit.h"

#include "nano_core/api/memory.h"
#include "nano_core/api/port_io.h"

// Channel 0 makes the ticks. Channel 2 runs free, so that it tells how much time lies between two
// ticks, also where the machine merged some.
enum {
  kHertz = 1193182,
  kTickCounts = 1193,  // a tick every 0.99985 ms
  kCounterMask = 0xffff,
  kChannel0 = 0x40,
  kChannel2 = 0x42,
  kCommand = 0x43,
  kRateGenerator0 = 0x34,  // mode 2, low byte first
  kRateGenerator2 = 0xb4,
  kLatch2 = 0x80,
  kSpeakerPort = 0x61,
  kSpeakerGate = 1 << 0,  // lets channel 2 count
  kSpeakerOn = 1 << 1,
  kTimerLine = 0,
};

static_assert(kTickCounts == kHertz / kTicksPerSecond);

// Latching and reading are three accesses that make one, so they are made inside the monitor.
typedef struct pit_channels {
  monitor_t monitor;
  uint64_t started;
} pit_channels_t;

STATE(pit_channels_t, pit_channels);

status_t pit_initialize(void) {
  // The device goes on when the cell is unloaded.
  TRY(blob_retain(TEXT("pit_channels")));
  // The timer's handler reads the counter. Nobody can be inside before this function is done.
  state_set(&state_pit_channels->monitor.interrupts, 1);
  return OK;
}

static void program_channels(void) REQUIRES(state_pit_channels->monitor) {
  const uint8_t speaker = port_read8(kSpeakerPort);
  port_write8(kSpeakerPort, (uint8_t)((speaker & ~kSpeakerOn) | kSpeakerGate));
  port_write8(kCommand, kRateGenerator2);
  port_write8(kChannel2, 0);
  port_write8(kChannel2, 0);
  port_write8(kCommand, kRateGenerator0);
  port_write8(kChannel0, kTickCounts & 0xff);
  port_write8(kChannel0, kTickCounts >> 8);
}

status_t pit_start(tick_source_t *source) {
  monitor_enter(&state_pit_channels->monitor);
  if (state_pit_channels->started == 0) program_channels();
  state_set(&state_pit_channels->started, UINT64_C(1));
  monitor_exit(&state_pit_channels->monitor);
  *source = (tick_source_t){
      .line = kTimerLine, .hertz = kHertz, .mask = kCounterMask, .counts_per_tick = kTickCounts};
  return OK;
}

static uint64_t read_channel2(void) REQUIRES(state_pit_channels->monitor) {
  port_write8(kCommand, kLatch2);
  const uint64_t low = port_read8(kChannel2);
  return low | (uint64_t)port_read8(kChannel2) << 8;
}

u64_result_t pit_counter(void) {
  monitor_enter(&state_pit_channels->monitor);
  const bool started = state_pit_channels->started != 0;
  const uint64_t count = started ? read_channel2() : 0;
  monitor_exit(&state_pit_channels->monitor);
  if (!started) return (u64_result_t){.status = ERR(NOT_FOUND)};
  return (u64_result_t){.value = (0 - count) & kCounterMask};
}
