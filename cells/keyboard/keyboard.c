// SPDX-License-Identifier: MIT
#include "cells/keyboard/keyboard.h"

#include "cells/host_channel/host_channel.h"
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "nano_core/api/port_io.h"
#include "patterns/event.h"
#include "patterns/queue.h"

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
  kDisableKeyboard = 0xad,
  kEnableKeyboard = 0xae,
  kWriteOutputBuffer = 0xd2,  // the next byte comes back as if the keyboard had sent it
  kKeyboardInterrupt = 1 << 0,
  kMouseInterrupt = 1 << 1,
  kKeyboardOff = 1 << 4,
  kMouseOff = 1 << 5,
  kTranslateToSet1 = 1 << 6,
  kStartScanning = 0xf4,  // to the keyboard itself, which acknowledges it
  kKeyboardLine = 1,
  kPolls = 20000,
  kFetchesAtOnce = 16,
  kStaleBytes = 64,  // more than any controller buffers
  kRelease = 0x80,   // set in the code of a key that goes up
  kPrefix0 = 0xe0,
  kPrefix1 = 0xe1,
};

typedef struct scan_code {
  uint8_t code;
  bool injected;
} scan_code_t;

QUEUE_DEFINE(scan_queue, scan_code_t, kKeyboardQueueItems);

typedef struct keyboard_state {
  monitor_t monitor;
  event_t event;       // a code came, or the consumer released its token
  uint64_t injecting;  // the code that is on its way, + 1; 0: none
  uint64_t received;
  uint64_t injected;
  uint64_t acknowledged;
  scan_queue_t queue;
} keyboard_state_t;

STATE(keyboard_state_t, keyboard_queue);

// Waits until the bits `mask` of the status are `wanted`.
static bool wait_for_status(uint8_t mask, uint8_t wanted) {
  for (uint32_t i = 0; i < kPolls; i++) {
    if ((port_read8(kStatusPort) & mask) == wanted) return true;
  }
  return false;
}

static status_t write_byte(uint16_t port, uint8_t value) {
  if (!wait_for_status(kStatusInputFull, 0)) return ERR(IO_ERROR);
  port_write8(port, value);
  return OK;
}

static u32_result_t read_byte(void) {
  if (!wait_for_status(kStatusOutputFull, kStatusOutputFull)) {
    return (u32_result_t){.status = ERR(IO_ERROR)};
  }
  return (u32_result_t){.value = port_read8(kDataPort)};
}

static void discard_stale_bytes(void) {
  for (uint32_t i = 0; i < kStaleBytes; i++) {
    if ((port_read8(kStatusPort) & kStatusOutputFull) == 0) return;
    port_read8(kDataPort);
  }
}

static status_t configure(void) {
  TRY(write_byte(kStatusPort, kReadConfiguration));
  const u32_result_t old = read_byte();
  TRY(old.status);
  const uint32_t off = kMouseInterrupt | kKeyboardOff;
  const uint32_t on = kKeyboardInterrupt | kMouseOff | kTranslateToSet1;
  TRY(write_byte(kStatusPort, kWriteConfiguration));
  return write_byte(kDataPort, (uint8_t)((old.value & ~off) | on));
}

static status_t program_controller(void) {
  if (port_read8(kStatusPort) == kNoDevice) return ERR(IO_ERROR);
  TRY(write_byte(kStatusPort, kDisableKeyboard));
  TRY(write_byte(kStatusPort, kDisableMouse));
  discard_stale_bytes();
  TRY(configure());
  TRY(write_byte(kStatusPort, kEnableKeyboard));
  TRY(write_byte(kDataPort, kStartScanning));
  status_ignore(read_byte().status, "the controller works, with or without a keyboard");
  return OK;
}

// Queues one code. What was injected last comes back before anything else, as a rule; a key that
// was quicker has another code, or one that makes no difference.
static void accept_code(uint8_t code) REQUIRES(state_keyboard_queue->monitor) {
  const keyboard_state_t *keyboard = state_keyboard_queue;
  const scan_code_t item = {code, keyboard->injecting == (uint64_t)code + 1};
  state_set(&keyboard->received, keyboard->received + 1);
  if (item.injected) {
    state_set(&keyboard->injecting, 0);
    state_set(&keyboard->injected, keyboard->injected + 1);
  }
  status_ignore(scan_queue_push(&keyboard->queue, &item).status, "a full queue counts the loss");
}

// Moves what the controller has into the queue.
static void fetch(void) REQUIRES(state_keyboard_queue->monitor) {
  bool any = false;
  for (uint32_t i = 0; i < kFetchesAtOnce; i++) {
    const uint8_t status = port_read8(kStatusPort);
    if (status == kNoDevice || (status & kStatusOutputFull) == 0) break;
    const uint8_t code = port_read8(kDataPort);
    if ((status & kStatusFromMouse) != 0) continue;
    accept_code(code);
    any = true;
  }
  if (any) event_signal_state(&state_keyboard_queue->event);
}

static void fetch_now(void) {
  monitor_enter(&state_keyboard_queue->monitor);
  fetch();
  monitor_exit(&state_keyboard_queue->monitor);
}

status_t keyboard_initialize(void) {
  // The handler enters. Nobody can be inside before this function is done.
  state_set(&state_keyboard_queue->monitor.interrupts, 1);
  TRY(event_ensure(&state_keyboard_queue->monitor, &state_keyboard_queue->event).status);
  TRY(program_controller());
  const reference_result_t handler = reference_obtain(TEXT("keyboard_interrupt"));
  TRY(handler.status);
  TRY(interrupt_dispatch_register(kKeyboardLine, handler.value, TEXT("keyboard")));
  // A key pressed while the line was masked would hold the line up for ever.
  fetch_now();
  return OK;
}

keyboard_consumer_result_t keyboard_acquire(void) {
  monitor_enter(&state_keyboard_queue->monitor);
  const uint64_t token = scan_queue_acquire(&state_keyboard_queue->queue);
  monitor_exit(&state_keyboard_queue->monitor);
  return (keyboard_consumer_result_t){.value = token};
}

keyboard_consumer_result_t keyboard_acquire_if_free(void) {
  const keyboard_state_t *keyboard = state_keyboard_queue;
  TRY_RESULT(keyboard_consumer_result_t,
             event_watch_state(&state_keyboard_queue->monitor, &keyboard->event));
  keyboard_consumer_result_t result = {.status = ERR(WOULD_BLOCK)};
  monitor_enter(&state_keyboard_queue->monitor);
  if (!scan_queue_is_held(&keyboard->queue)) {
    result = (keyboard_consumer_result_t){.value = scan_queue_acquire(&keyboard->queue)};
  }
  monitor_exit(&state_keyboard_queue->monitor);
  return result;
}

status_t keyboard_release(uint64_t token) {
  monitor_enter(&state_keyboard_queue->monitor);
  const status_t status = scan_queue_release(&state_keyboard_queue->queue, token);
  if (status_is_ok(status)) event_signal_state(&state_keyboard_queue->event);
  monitor_exit(&state_keyboard_queue->monitor);
  return status;
}

// NOT_FOUND: the queue is empty.
static status_t peek(uint64_t token, keyboard_item_t *item) {
  scan_code_t code = {};
  monitor_enter(&state_keyboard_queue->monitor);
  const u64_result_t sequence = scan_queue_peek(&state_keyboard_queue->queue, token, &code);
  monitor_exit(&state_keyboard_queue->monitor);
  TRY(sequence.status);
  *item = (keyboard_item_t){(uint32_t)sequence.value, code.code, code.injected};
  return OK;
}

status_t keyboard_peek(uint64_t token, keyboard_item_t *item) {
  const status_t first = peek(token, item);
  if (!status_is(first, STATUS_NOT_FOUND)) return first;
  // Watch, then test again.
  TRY(event_watch_state(&state_keyboard_queue->monitor, &state_keyboard_queue->event));
  const status_t second = peek(token, item);
  return status_is(second, STATUS_NOT_FOUND) ? ERR(WOULD_BLOCK) : second;
}

static bool ends_a_key_from_outside(scan_code_t item) {
  const bool prefix = item.code == kPrefix0 || item.code == kPrefix1;
  return !item.injected && !prefix && (item.code & kRelease) != 0;
}

// *acknowledge tells whether the host waits for this code.
static status_t complete_locked(uint64_t token, uint64_t sequence, bool *acknowledge)
    REQUIRES(state_keyboard_queue->monitor) {
  const keyboard_state_t *keyboard = state_keyboard_queue;
  scan_code_t item = {};
  const u64_result_t oldest = scan_queue_peek(&keyboard->queue, token, &item);
  if (!status_is_ok(oldest.status) || (uint32_t)oldest.value != sequence) return ERR(STALE);
  TRY(scan_queue_complete(&keyboard->queue, token, oldest.value));
  *acknowledge = ends_a_key_from_outside(item);
  if (*acknowledge) state_set(&keyboard->acknowledged, keyboard->acknowledged + 1);
  return OK;
}

status_t keyboard_complete(uint64_t token, uint64_t sequence) {
  bool acknowledge = false;
  monitor_enter(&state_keyboard_queue->monitor);
  const status_t status = complete_locked(token, sequence, &acknowledge);
  monitor_exit(&state_keyboard_queue->monitor);
  if (acknowledge) {
    status_ignore(host_channel_acknowledge_key(), "the key is dealt with, whoever listens");
  }
  return status;
}

static status_t inject_locked(uint8_t code) REQUIRES(state_keyboard_queue->monitor) {
  const keyboard_state_t *keyboard = state_keyboard_queue;
  // Should an interrupt have been lost, this finds the code.
  if (keyboard->injecting != 0) fetch();
  if (keyboard->injecting != 0) return ERR(BUSY);
  const uint8_t status = port_read8(kStatusPort);
  if (status == kNoDevice) return ERR(IO_ERROR);
  if ((status & (kStatusOutputFull | kStatusInputFull)) != 0) return ERR(BUSY);
  TRY(write_byte(kStatusPort, kWriteOutputBuffer));
  TRY(write_byte(kDataPort, code));
  state_set(&keyboard->injecting, (uint64_t)code + 1);
  return OK;
}

status_t keyboard_inject(uint64_t code) {
  if (code > UINT8_MAX) return ERR(OUT_OF_RANGE);
  monitor_enter(&state_keyboard_queue->monitor);
  const status_t status = inject_locked((uint8_t)code);
  monitor_exit(&state_keyboard_queue->monitor);
  return status;
}

status_t keyboard_describe(keyboard_counters_t *counters) {
  const keyboard_state_t *keyboard = state_keyboard_queue;
  monitor_enter(&state_keyboard_queue->monitor);
  const keyboard_counters_t now = {
      .received = keyboard->received,
      .injected = keyboard->injected,
      .completed = scan_queue_completed(&keyboard->queue),
      .lost = scan_queue_lost(&keyboard->queue),
      .waiting = scan_queue_waiting(&keyboard->queue),
      .acknowledged = keyboard->acknowledged,
  };
  monitor_exit(&state_keyboard_queue->monitor);
  *counters = now;
  return OK;
}

status_t keyboard_interrupt(void) {
  if (state_keyboard_queue->monitor.interrupts == 0) return ERR(UNAVAILABLE);
  fetch_now();
  return OK;
}
