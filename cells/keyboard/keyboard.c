// SPDX-License-Identifier: MIT
#include "cells/keyboard/keyboard.h"

#include "cells/host_channel/host_channel.h"
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "cells/ps2_controller/ps2_controller.h"
#include "patterns/event.h"
#include "patterns/queue.h"

enum {
  kStartScanning = 0xf4,  // to the keyboard itself, which acknowledges it
  kKeyboardLine = 1,
  kFetchesAtOnce = 16,
  kRelease = 0x80,  // set in the code of a key that goes up
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
  uint64_t taken;      // the number of the last byte that was taken from the controller
  uint64_t received;
  uint64_t injected;
  uint64_t acknowledged;
  scan_queue_t queue;
} keyboard_state_t;

STATE(keyboard_state_t, keyboard_queue);

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

static uint64_t last_taken(void) {
  monitor_enter(&state_keyboard_queue->monitor);
  const uint64_t taken = state_keyboard_queue->taken;
  monitor_exit(&state_keyboard_queue->monitor);
  return taken;
}

// Queues a byte of the controller, unless a handler that came in between was quicker.
static void take(uint64_t number, uint8_t code) {
  const keyboard_state_t *keyboard = state_keyboard_queue;
  monitor_enter(&state_keyboard_queue->monitor);
  if (number > keyboard->taken) {
    accept_code(code);
    state_set(&keyboard->taken, number);
  }
  monitor_exit(&state_keyboard_queue->monitor);
}

// Moves what the controller has into the queue. The controller keeps a byte until the next call
// says that it was taken, so none is lost or doubled, whoever fails in between.
static void fetch(void) {
  bool any = false;
  for (uint32_t i = 0; i < kFetchesAtOnce; i++) {
    const u64_result_t next = ps2_controller_next(kPs2ControllerKeyboard, last_taken());
    if (!status_is_ok(next.status)) break;
    take(next.value >> kPs2ControllerNumberShift, (uint8_t)next.value);
    any = true;
    if ((next.value & kPs2ControllerMore) == 0) break;
  }
  if (any) event_signal_state(&state_keyboard_queue->event);
}

// Opens the controller's port. It works with or without a keyboard behind it.
static status_t start_keyboard(void) {
  TRY(ps2_controller_open(kPs2ControllerKeyboard));
  status_ignore(ps2_controller_send(kPs2ControllerKeyboard, kStartScanning),
                "nobody types on a keyboard that is not there");
  return OK;
}

status_t keyboard_initialize(void) {
  // The handler enters. Nobody can be inside before this function is done.
  state_set(&state_keyboard_queue->monitor.interrupts, 1);
  TRY(event_ensure(&state_keyboard_queue->monitor, &state_keyboard_queue->event).status);
  TRY(start_keyboard());
  const reference_result_t handler = reference_obtain(TEXT("keyboard_interrupt"));
  TRY(handler.status);
  TRY(interrupt_dispatch_register(kKeyboardLine, handler.value, TEXT("keyboard")));
  // A key pressed while the line was masked would hold the line up for ever.
  fetch();
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
  // Watch, then test again; where a handler could not do its work, this finds the code.
  TRY(event_watch_state(&state_keyboard_queue->monitor, &state_keyboard_queue->event));
  fetch();
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

static bool is_injecting(void) {
  monitor_enter(&state_keyboard_queue->monitor);
  const bool injecting = state_keyboard_queue->injecting != 0;
  monitor_exit(&state_keyboard_queue->monitor);
  return injecting;
}

// Replaces the code that is on its way, if it is still `old`. BUSY: it is another.
static status_t set_injecting(uint64_t old, uint64_t new) {
  const keyboard_state_t *keyboard = state_keyboard_queue;
  monitor_enter(&state_keyboard_queue->monitor);
  const bool is_old = keyboard->injecting == old;
  if (is_old) state_set(&keyboard->injecting, new);
  monitor_exit(&state_keyboard_queue->monitor);
  return is_old ? OK : ERR(BUSY);
}

status_t keyboard_inject(uint64_t code) {
  if (code > UINT8_MAX) return ERR(OUT_OF_RANGE);
  // Should an interrupt have been lost, this finds the code.
  if (is_injecting()) fetch();
  // Before the code is sent, since it may be back before this call is.
  TRY(set_injecting(0, code + 1));
  const status_t status = ps2_controller_inject(kPs2ControllerKeyboard, code);
  if (!status_is_ok(status)) {
    status_ignore(set_injecting(code + 1, 0), "a key with the very code was taken for it");
  }
  return status;
}

status_t keyboard_reset(void) {
  TRY(start_keyboard());
  fetch();
  monitor_enter(&state_keyboard_queue->monitor);
  state_set(&state_keyboard_queue->injecting, (uint64_t)0);
  event_signal_state(&state_keyboard_queue->event);
  monitor_exit(&state_keyboard_queue->monitor);
  return OK;
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
  fetch();
  return OK;
}
