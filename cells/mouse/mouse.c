// SPDX-License-Identifier: MIT
#include "cells/mouse/mouse.h"

#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "cells/ps2_controller/ps2_controller.h"
#include "patterns/event.h"
#include "patterns/ring.h"

enum {
  kMouseLine = 12,
  kSetRate = 0xf3,  // commands to the mouse
  kGetKind = 0xf2,
  kStartReporting = 0xf4,
  kStopReporting = 0xf5,
  kSetDefaults = 0xf6,
  kKindWithWheel = 3,
  kPacketBytes = 3,
  kPacketBytesWithWheel = 4,
  kButtons = 7,  // bits of the first byte of a packet
  kAlwaysSet = 1 << 3,
  kNegativeX = 1 << 4,
  kNegativeY = 1 << 5,
  kOverflow = 3 << 6,
  kFetchesAtOnce = 32,
};

RING_DEFINE(event_ring, mouse_event_t, kMouseEvents);

typedef struct mouse_state {
  monitor_t monitor;
  event_t event;      // something came
  uint64_t ready;     // 1: the mouse was found and reports
  uint64_t starting;  // 1: a task is setting it up, in many steps of the device
  uint64_t taken;     // the number of the last byte that was taken from the controller
  uint64_t skipped;
  uint64_t lost;
  uint32_t packet_bytes;  // that make a packet
  uint32_t have;          // of them, those that have come
  uint8_t packet[8];
  event_ring_t ring;
} mouse_state_t;

STATE(mouse_state_t, mouse_queue);

status_t mouse_initialize(void) {
  // The handler enters. Nobody can be inside before this function is done.
  state_set(&state_mouse_queue->monitor.interrupts, 1);
  return OK;
}

static void skip(uint64_t bytes) REQUIRES(state_mouse_queue->monitor) {
  state_set(&state_mouse_queue->skipped, state_mouse_queue->skipped + bytes);
}

// A movement has nine bits, of which the first byte has the sign.
static int16_t movement(uint8_t low, bool is_negative) {
  return (int16_t)(is_negative ? low - 256 : low);
}

static void keep_event(void) REQUIRES(state_mouse_queue->monitor) {
  const mouse_state_t *mouse = state_mouse_queue;
  const uint8_t first = mouse->packet[0];
  const uint8_t wheel = mouse->packet_bytes == kPacketBytesWithWheel ? mouse->packet[3] : 0;
  const mouse_event_t event = {
      .right = movement(mouse->packet[1], (first & kNegativeX) != 0),
      .down = (int16_t)-movement(mouse->packet[2], (first & kNegativeY) != 0),
      .wheel = (int16_t)(int8_t)wheel,
      .buttons = first & kButtons,
  };
  if (status_is_ok(event_ring_push(&mouse->ring, &event))) return;
  state_set(&mouse->lost, mouse->lost + 1);
}

// Adds a byte to the packet. The first of each has a bit that is always set: a byte without it is
// the rest of a packet whose beginning was lost, and goes. How far the mouse came when it says that
// it came too far, nobody knows.
static void take_byte(uint8_t byte) REQUIRES(state_mouse_queue->monitor) {
  const mouse_state_t *mouse = state_mouse_queue;
  if (mouse->have == 0 && (byte & kAlwaysSet) == 0) return skip(1);
  state_set(&mouse->packet[mouse->have], byte);
  state_set(&mouse->have, mouse->have + 1);
  if (mouse->have < mouse->packet_bytes) return;
  state_set(&mouse->have, 0u);
  if ((mouse->packet[0] & kOverflow) != 0) return skip(mouse->packet_bytes);
  keep_event();
}

static uint64_t last_taken(void) {
  monitor_enter(&state_mouse_queue->monitor);
  const uint64_t taken = state_mouse_queue->taken;
  monitor_exit(&state_mouse_queue->monitor);
  return taken;
}

// Takes a byte of the controller, unless a handler that came in between was quicker.
static void take(uint64_t number, uint8_t byte) {
  const mouse_state_t *mouse = state_mouse_queue;
  monitor_enter(&state_mouse_queue->monitor);
  if (number > mouse->taken) {
    // Before the mouse is ready, what comes are answers to somebody else.
    if (mouse->ready != 0) take_byte(byte);
    state_set(&mouse->taken, number);
  }
  monitor_exit(&state_mouse_queue->monitor);
}

// Moves what the controller has into the queue.
static void fetch(void) {
  bool any = false;
  for (uint32_t i = 0; i < kFetchesAtOnce; i++) {
    const u64_result_t next = ps2_controller_next(kPs2ControllerMouse, last_taken());
    if (!status_is_ok(next.status)) break;
    take(next.value >> kPs2ControllerNumberShift, (uint8_t)next.value);
    any = true;
    if ((next.value & kPs2ControllerMore) == 0) break;
  }
  if (any) event_signal_state(&state_mouse_queue->event);
}

static void set_ready(uint64_t ready, uint32_t packet_bytes) {
  const mouse_state_t *mouse = state_mouse_queue;
  monitor_enter(&state_mouse_queue->monitor);
  if (mouse->have != 0) skip(mouse->have);
  state_set(&mouse->have, 0u);
  state_set(&mouse->packet_bytes, packet_bytes);
  state_set(&mouse->ready, ready);
  monitor_exit(&state_mouse_queue->monitor);
}

// Sends the sequence of rates after which a mouse that has a wheel says so, and reports it.
static u32_result_t ask_for_wheel(void) {
  static const uint8_t kRates[] = {200, 100, 80};
  for (size_t i = 0; i < COUNT_OF(kRates); i++) {
    TRY_RESULT(u32_result_t, ps2_controller_send(kPs2ControllerMouse, kSetRate));
    TRY_RESULT(u32_result_t, ps2_controller_send(kPs2ControllerMouse, kRates[i]));
  }
  return ps2_controller_ask(kPs2ControllerMouse, kGetKind);
}

// From a mouse in any state to one that reports.
static status_t start_mouse(void) {
  TRY(ps2_controller_open(kPs2ControllerMouse));
  TRY(ps2_controller_send(kPs2ControllerMouse, kStopReporting));
  // What it reported until now is taken as it was meant.
  fetch();
  set_ready(0, kPacketBytes);
  TRY(ps2_controller_send(kPs2ControllerMouse, kSetDefaults));
  const u32_result_t kind = ask_for_wheel();
  TRY(kind.status);
  fetch();
  set_ready(1, kind.value == kKindWithWheel ? kPacketBytesWithWheel : kPacketBytes);
  return ps2_controller_send(kPs2ControllerMouse, kStartReporting);
}

static status_t look_for_mouse(void) {
  TRY(event_ensure(&state_mouse_queue->monitor, &state_mouse_queue->event).status);
  const reference_result_t handler = reference_obtain(TEXT("mouse_interrupt"));
  TRY(handler.status);
  TRY(interrupt_dispatch_register(kMouseLine, handler.value, TEXT("mouse")));
  const status_t status = start_mouse();
  if (!status_is_ok(status)) set_ready(0, kPacketBytes);
  return status;
}

// Claims the setting up. Returns whether nobody else was at it.
static bool claim(void) {
  const mouse_state_t *mouse = state_mouse_queue;
  monitor_enter(&state_mouse_queue->monitor);
  const bool is_free = mouse->starting == 0;
  state_set(&mouse->starting, UINT64_C(1));
  monitor_exit(&state_mouse_queue->monitor);
  return is_free;
}

// Two tasks at once would mix their commands to the mouse. BUSY: another one is at it; where it
// failed there, who resets goes on by force.
static status_t attach(bool by_force) {
  if (!claim() && !by_force) return ERR(BUSY);
  const status_t status = look_for_mouse();
  monitor_enter(&state_mouse_queue->monitor);
  state_set(&state_mouse_queue->starting, UINT64_C(0));
  monitor_exit(&state_mouse_queue->monitor);
  return status;
}

static bool is_ready(void) {
  monitor_enter(&state_mouse_queue->monitor);
  const bool ready = state_mouse_queue->ready != 0;
  monitor_exit(&state_mouse_queue->monitor);
  return ready;
}

static status_t pop(mouse_event_t *event) {
  monitor_enter(&state_mouse_queue->monitor);
  const status_t status = event_ring_pop(&state_mouse_queue->ring, event);
  monitor_exit(&state_mouse_queue->monitor);
  return status;
}

status_t mouse_read(mouse_event_t *event) {
  mouse_event_t oldest = {};
  if (!is_ready()) TRY(attach(false));
  TRY(event_watch_state(&state_mouse_queue->monitor, &state_mouse_queue->event));
  // Where a handler could not do its work, this finds what came.
  fetch();
  if (!status_is_ok(pop(&oldest))) return ERR(WOULD_BLOCK);
  *event = oldest;
  return OK;
}

status_t mouse_describe(mouse_counters_t *counters) {
  const mouse_state_t *mouse = state_mouse_queue;
  monitor_enter(&state_mouse_queue->monitor);
  const mouse_counters_t now = {
      .bytes = mouse->taken,
      .events = mouse->ring.next,
      .skipped = mouse->skipped,
      .lost = mouse->lost,
      .waiting = event_ring_count(&mouse->ring),
      .ready = mouse->ready,
  };
  monitor_exit(&state_mouse_queue->monitor);
  *counters = now;
  return OK;
}

static bool is_in_use(void) {
  monitor_enter(&state_mouse_queue->monitor);
  const bool in_use = state_mouse_queue->ready != 0 || state_mouse_queue->starting != 0;
  monitor_exit(&state_mouse_queue->monitor);
  return in_use;
}

status_t mouse_reset(void) { return is_in_use() ? attach(true) : OK; }

status_t mouse_interrupt(void) {
  if (state_mouse_queue->monitor.interrupts == 0) return ERR(UNAVAILABLE);
  fetch();
  return OK;
}
