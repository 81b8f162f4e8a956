// SPDX-License-Identifier: MIT
#include "cells/ps2_controller/ps2_controller.h"

#include "nano_core/api/memory.h"
#include "nano_core/api/port_io.h"
#include "patterns/ring.h"

enum {
  kDataPort = 0x60,
  kStatusPort = 0x64,  // written: commands
  kStatusOutputFull = 1 << 0,
  kStatusInputFull = 1 << 1,
  kStatusFromMouse = 1 << 5,
  kNoDevice = 0xff,
  kReadConfiguration = 0x20,
  kWriteConfiguration = 0x60,
  kDisableMouse = 0xa7,
  kEnableMouse = 0xa8,
  kSelfTest = 0xaa,
  kSelfTestPassed = 0x55,
  kDisableKeyboard = 0xad,
  kEnableKeyboard = 0xae,
  kWriteKeyboardBuffer = 0xd2,  // the next byte comes back as if the device had sent it
  kWriteMouseBuffer = 0xd3,
  kWriteToMouse = 0xd4,
  kInterrupts = 1 << 0 | 1 << 1,  // a bit each for keyboard and mouse
  kKeyboardOff = 1 << 4,
  kMouseOff = 1 << 5,
  kTranslateToSet1 = 1 << 6,
  kAcknowledged = 0xfa,
  kResend = 0xfe,
  kDeviceError = 0xfc,
  kPolls = 20000,
  kFetchesAtOnce = 16,
  kStaleBytes = 64,  // more than any controller buffers
};

RING_DEFINE(byte_ring, uint8_t, kPs2ControllerBytes);

typedef struct ps2_controller_state {
  monitor_t monitor;
  uint32_t is_set_up;      // 1: `configuration` is what the controller has
  uint32_t configuration;  // the command byte
  uint32_t has_mouse;      // 1: there is a second port
  uint32_t open;           // bit i: port i
  uint64_t lost[kPs2ControllerPorts];
  byte_ring_t rings[kPs2ControllerPorts];
} ps2_controller_state_t;

STATE(ps2_controller_state_t, ps2_controller_queues);

status_t ps2_controller_initialize(void) {
  // Drivers remember numbers of bytes, so the queues outlive every instance.
  TRY(blob_retain(TEXT("ps2_controller_queues")));
  // Handlers enter. Nobody can be inside before this function is done.
  state_set(&state_ps2_controller_queues->monitor.interrupts, 1);
  return OK;
}

static uint64_t port_of(uint8_t status) {
  return (status & kStatusFromMouse) != 0 ? kPs2ControllerMouse : kPs2ControllerKeyboard;
}

static void keep(uint64_t port, uint8_t byte) REQUIRES(state_ps2_controller_queues->monitor) {
  const ps2_controller_state_t *controller = state_ps2_controller_queues;
  if (status_is_ok(byte_ring_push(&controller->rings[port], &byte))) return;
  state_set(&controller->lost[port], controller->lost[port] + 1);
}

// The status, where there is a byte to be read; else 0.
static uint8_t status_of_output(void) {
  const uint8_t status = port_read8(kStatusPort);
  return status != kNoDevice && (status & kStatusOutputFull) != 0 ? status : 0;
}

// Moves what the controller has into the queues.
static void fetch(void) REQUIRES(state_ps2_controller_queues->monitor) {
  for (uint32_t i = 0; i < kFetchesAtOnce; i++) {
    const uint8_t status = status_of_output();
    if (status == 0) return;
    keep(port_of(status), port_read8(kDataPort));
  }
}

static status_t write_byte(uint16_t port, uint8_t value) {
  for (uint32_t i = 0; i < kPolls; i++) {
    const uint8_t status = port_read8(kStatusPort);
    if (status == kNoDevice) break;
    if ((status & kStatusInputFull) != 0) continue;
    port_write8(port, value);
    return OK;
  }
  return ERR(IO_ERROR);
}

// Waits for a byte of one device, or of the controller itself, which answers as the keyboard does.
// What the other sends is kept for its driver.
static u32_result_t await_byte(uint64_t port) REQUIRES(state_ps2_controller_queues->monitor) {
  for (uint32_t i = 0; i < kPolls; i++) {
    const uint8_t status = status_of_output();
    if (status == 0) continue;
    const uint8_t byte = port_read8(kDataPort);
    if (port_of(status) == port) return (u32_result_t){.value = byte};
    keep(port_of(status), byte);
  }
  return (u32_result_t){.status = ERR(IO_ERROR)};
}

static void discard_stale_bytes(void) {
  for (uint32_t i = 0; i < kStaleBytes && status_of_output() != 0; i++) port_read8(kDataPort);
}

// The keyboard is off, so that it cannot be taken for the controller.
static u32_result_t read_configuration(void) REQUIRES(state_ps2_controller_queues->monitor) {
  const status_t status = write_byte(kStatusPort, kReadConfiguration);
  if (!status_is_ok(status)) return (u32_result_t){.status = status};
  return await_byte(kPs2ControllerKeyboard);
}

static status_t write_configuration(uint32_t configuration)
    REQUIRES(state_ps2_controller_queues->monitor) {
  TRY(write_byte(kStatusPort, kWriteConfiguration));
  TRY(write_byte(kDataPort, (uint8_t)configuration));
  state_set(&state_ps2_controller_queues->configuration, configuration);
  return OK;
}

// Some controllers forget their settings over this, so it comes before them; one that does not know
// it says nothing.
static status_t test_controller(void) REQUIRES(state_ps2_controller_queues->monitor) {
  TRY(write_byte(kStatusPort, kSelfTest));
  const u32_result_t answer = await_byte(kPs2ControllerKeyboard);
  return status_is_ok(answer.status) && answer.value != kSelfTestPassed ? ERR(IO_ERROR) : OK;
}

// A port that cannot be switched on is not there.
static status_t look_for_mouse(void) REQUIRES(state_ps2_controller_queues->monitor) {
  TRY(write_byte(kStatusPort, kEnableMouse));
  const u32_result_t configuration = read_configuration();
  TRY(configuration.status);
  const bool is_on = (configuration.value & kMouseOff) == 0;
  state_set(&state_ps2_controller_queues->has_mouse, is_on ? 1u : 0u);
  return write_byte(kStatusPort, kDisableMouse);
}

// From a controller in any state to one with both ports closed.
static status_t set_up(void) REQUIRES(state_ps2_controller_queues->monitor) {
  TRY(test_controller());
  const u32_result_t old = read_configuration();
  TRY(old.status);
  const uint32_t on = kKeyboardOff | kMouseOff | kTranslateToSet1;
  TRY(write_configuration((old.value & ~(uint32_t)kInterrupts) | on));
  TRY(look_for_mouse());
  state_set(&state_ps2_controller_queues->is_set_up, 1u);
  return OK;
}

static status_t close_ports(void) {
  if (port_read8(kStatusPort) == kNoDevice) return ERR(IO_ERROR);
  TRY(write_byte(kStatusPort, kDisableKeyboard));
  return write_byte(kStatusPort, kDisableMouse);
}

static status_t open_port(uint64_t port) REQUIRES(state_ps2_controller_queues->monitor) {
  const ps2_controller_state_t *controller = state_ps2_controller_queues;
  const bool is_mouse = port == kPs2ControllerMouse;
  if (is_mouse && controller->has_mouse == 0) return ERR(NOT_FOUND);
  const uint32_t off = is_mouse ? kMouseOff : kKeyboardOff;
  const uint32_t interrupt = UINT32_C(1) << port;
  TRY(write_configuration((controller->configuration & ~off) | interrupt));
  TRY(write_byte(kStatusPort, is_mouse ? kEnableMouse : kEnableKeyboard));
  state_set(&controller->open, controller->open | interrupt);
  return OK;
}

static status_t open_locked(uint64_t port) REQUIRES(state_ps2_controller_queues->monitor) {
  if (port_read8(kStatusPort) == kNoDevice) return ERR(IO_ERROR);
  if (state_ps2_controller_queues->is_set_up == 0) {
    TRY(close_ports());
    discard_stale_bytes();
    TRY(set_up());
  }
  return open_port(port);
}

status_t ps2_controller_open(uint64_t port) {
  if (port >= kPs2ControllerPorts) return ERR(OUT_OF_RANGE);
  monitor_enter(&state_ps2_controller_queues->monitor);
  const status_t status = open_locked(port);
  monitor_exit(&state_ps2_controller_queues->monitor);
  return status;
}

// What was on its way before the acknowledgement belongs to the driver as ever.
static status_t send_locked(uint64_t port, uint8_t byte)
    REQUIRES(state_ps2_controller_queues->monitor) {
  fetch();
  if (port == kPs2ControllerMouse) TRY(write_byte(kStatusPort, kWriteToMouse));
  TRY(write_byte(kDataPort, byte));
  for (uint32_t i = 0; i < kFetchesAtOnce; i++) {
    const u32_result_t answer = await_byte(port);
    TRY(answer.status);
    if (answer.value == kAcknowledged) return OK;
    if (answer.value == kResend || answer.value == kDeviceError) return ERR(IO_ERROR);
    keep(port, (uint8_t)answer.value);
  }
  return ERR(IO_ERROR);
}

static bool is_byte_for(uint64_t port, uint64_t byte) {
  return port < kPs2ControllerPorts && byte <= UINT8_MAX;
}

status_t ps2_controller_send(uint64_t port, uint64_t byte) {
  if (!is_byte_for(port, byte)) return ERR(OUT_OF_RANGE);
  monitor_enter(&state_ps2_controller_queues->monitor);
  const status_t status = send_locked(port, (uint8_t)byte);
  monitor_exit(&state_ps2_controller_queues->monitor);
  return status;
}

u32_result_t ps2_controller_ask(uint64_t port, uint64_t byte) {
  if (!is_byte_for(port, byte)) return (u32_result_t){.status = ERR(OUT_OF_RANGE)};
  monitor_enter(&state_ps2_controller_queues->monitor);
  u32_result_t result = {.status = send_locked(port, (uint8_t)byte)};
  if (status_is_ok(result.status)) result = await_byte(port);
  monitor_exit(&state_ps2_controller_queues->monitor);
  return result;
}

// A number that was never given is no reason to drop anything.
static void drop_until(const byte_ring_t *ring, uint64_t done) {
  if (done > ring->next) return;
  while (ring->first < done && status_is_ok(byte_ring_drop(ring))) continue;
}

u64_result_t ps2_controller_next(uint64_t port, uint64_t done) {
  if (port >= kPs2ControllerPorts) return (u64_result_t){.status = ERR(OUT_OF_RANGE)};
  const byte_ring_t *ring = &state_ps2_controller_queues->rings[port];
  u64_result_t result = {.status = ERR(NOT_FOUND)};
  monitor_enter(&state_ps2_controller_queues->monitor);
  drop_until(ring, done);
  fetch();
  if (byte_ring_count(ring) != 0) {
    const uint64_t number = ring->first + 1;
    const uint64_t more = byte_ring_count(ring) > 1 ? kPs2ControllerMore : 0;
    const uint8_t byte = *byte_ring_at(ring, ring->first);
    result = (u64_result_t){.value = number << kPs2ControllerNumberShift | more | byte};
  }
  monitor_exit(&state_ps2_controller_queues->monitor);
  return result;
}

static status_t inject_locked(uint64_t port, uint8_t byte)
    REQUIRES(state_ps2_controller_queues->monitor) {
  const bool is_mouse = port == kPs2ControllerMouse;
  const uint8_t status = port_read8(kStatusPort);
  if (status == kNoDevice) return ERR(IO_ERROR);
  if ((status & (kStatusOutputFull | kStatusInputFull)) != 0) return ERR(BUSY);
  port_write8(kStatusPort, is_mouse ? kWriteMouseBuffer : kWriteKeyboardBuffer);
  return write_byte(kDataPort, byte);
}

status_t ps2_controller_inject(uint64_t port, uint64_t byte) {
  if (!is_byte_for(port, byte)) return ERR(OUT_OF_RANGE);
  monitor_enter(&state_ps2_controller_queues->monitor);
  const status_t status = inject_locked(port, (uint8_t)byte);
  monitor_exit(&state_ps2_controller_queues->monitor);
  return status;
}

status_t ps2_controller_describe(ps2_controller_counters_t *counters) {
  const ps2_controller_state_t *controller = state_ps2_controller_queues;
  monitor_enter(&state_ps2_controller_queues->monitor);
  const uint64_t keyboard_lost = controller->lost[kPs2ControllerKeyboard];
  const uint64_t mouse_lost = controller->lost[kPs2ControllerMouse];
  const ps2_controller_counters_t now = {
      .keyboard_bytes = controller->rings[kPs2ControllerKeyboard].next + keyboard_lost,
      .mouse_bytes = controller->rings[kPs2ControllerMouse].next + mouse_lost,
      .keyboard_lost = keyboard_lost,
      .mouse_lost = mouse_lost,
  };
  monitor_exit(&state_ps2_controller_queues->monitor);
  *counters = now;
  return OK;
}

static status_t reset_locked(void) REQUIRES(state_ps2_controller_queues->monitor) {
  const uint32_t open = state_ps2_controller_queues->open;
  state_set(&state_ps2_controller_queues->is_set_up, 0u);
  TRY(close_ports());
  for (uint32_t i = 0; i < kStaleBytes / kFetchesAtOnce; i++) fetch();
  TRY(set_up());
  for (uint64_t port = 0; port < kPs2ControllerPorts; port++) {
    if ((open >> port & 1) != 0) TRY(open_port(port));
  }
  return OK;
}

status_t ps2_controller_reset(void) {
  monitor_enter(&state_ps2_controller_queues->monitor);
  const status_t status = reset_locked();
  monitor_exit(&state_ps2_controller_queues->monitor);
  return status;
}
