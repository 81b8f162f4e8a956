// SPDX-License-Identifier: MIT
// Each worker compares answers with those that it got itself; what others do meanwhile moves
// counters on, never back.
#include "cells/load_calls/load_calls.h"

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/console/console.h"
#include "cells/font/font.h"
#include "cells/formatting/formatting.h"
#include "cells/framebuffer/framebuffer.h"
#include "cells/host_channel/host_channel.h"
#include "cells/interrupt_controller/interrupt_controller.h"
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "cells/keyboard/keyboard.h"
#include "cells/keymap/keymap.h"
#include "cells/load_calls/commands.h"
#include "cells/load_calls/hardware.h"
#include "cells/load_generator/batch.h"
#include "cells/mouse/mouse.h"
#include "cells/pci/pci.h"
#include "cells/power/power.h"
#include "cells/ps2_controller/ps2_controller.h"
#include "cells/serial_port/serial_port.h"
#include "cells/timer/timer.h"
#include "cells/vga_text/vga_text.h"
#include "cells/virtio_console/virtio_console.h"

enum {
  kCallsPerBatch = 24,
  kCallKinds = 14,
  kCommandEvery = 16,  // rounds: obtaining a reference costs as much as many calls
  kStrokes = 8,
  kSpaceCode = 0x39,
  kLetterCode = 0x1e,
  kShiftCode = 0x2a,
  kReleased = 0x80,
};

typedef struct calls_progress {
  load_worker_t worker;
  load_batch_t batch;  // of the last step, which the load generator does not know of yet
  uint64_t round;
  uint64_t last_ns;
  uint64_t last_received;  // of the serial line
  uint64_t last_ticks;     // of the timer's line
  console_size_t size;     // of the screen, when it was first asked
  keymap_state_t modifiers;
  uint64_t command;  // place in the archive from which the next one is sought
} calls_progress_t;

// Draws nothing, wherever the cursor is; cut in two by another writer, it still draws nothing.
#define CALLS_INVISIBLE_8 "\0\0\0\0\0\0\0\0"
#define CALLS_INVISIBLE_64                                                                  \
  CALLS_INVISIBLE_8 CALLS_INVISIBLE_8 CALLS_INVISIBLE_8 CALLS_INVISIBLE_8 CALLS_INVISIBLE_8 \
      CALLS_INVISIBLE_8 CALLS_INVISIBLE_8 CALLS_INVISIBLE_8

// A number to text and back.
static void calls_formatting(load_batch_t *batch, uint64_t value, bool hexadecimal) {
  char text[24] = {'0', 'x'};
  const text_buffer_t all = SPAN_OF(text_buffer, text);
  const size_t prefix = hexadecimal ? 2 : 0;
  const text_buffer_t digits = text_buffer_slice(all, prefix, all.length - prefix);
  const size_result_t length =
      hexadecimal ? formatting_hexadecimal(digits, value, 16) : formatting_decimal(digits, value);
  if (!batch_accept(batch, length.status)) return;
  if (prefix + length.value > sizeof(text)) return batch_count(batch, false);
  const u64_result_t back =
      formatting_parse(text_slice(SPAN_OF(text, text), 0, prefix + length.value));
  if (batch_accept(batch, back.status)) batch_count(batch, back.value == value);
}

// One key goes down and up again. Any layout makes a blank of the space bar, a character of a
// letter's key, none of a release. Returns whether a call was answered at all.
static bool calls_stroke(load_batch_t *batch, calls_progress_t *progress, uint64_t code,
                         bool *right) {
  const u32_result_t pressed = keymap_translate(&progress->modifiers, code);
  if (!batch_accept(batch, pressed.status)) return false;
  const u32_result_t released = keymap_translate(&progress->modifiers, code | kReleased);
  if (!batch_accept(batch, released.status)) return false;
  const bool fits = code == kSpaceCode   ? pressed.value == ' '
                    : code == kShiftCode ? pressed.value == 0
                                         : pressed.value > ' ';
  *right = *right && fits && released.value == 0;
  return true;
}

// Several strokes are one operation, so that a swap often finds one under way.
static void calls_keymap(load_batch_t *batch, calls_progress_t *progress, uint64_t code) {
  bool right = true;
  for (size_t i = 0; i < kStrokes; i++) {
    if (!calls_stroke(batch, progress, code, &right)) return;
  }
  batch_count(batch, right);
}

static void calls_timer(load_batch_t *batch, calls_progress_t *progress) {
  const nanoseconds_result_t now = timer_now();
  if (!batch_accept(batch, now.status)) return;
  batch_count(batch, now.value.count >= progress->last_ns);
  progress->last_ns = now.value.count;
}

// A display that is not there says so.
static void calls_display(load_batch_t *batch, status_t status, text_size_t size) {
  if (status_is(status, STATUS_UNSUPPORTED)) return batch_count(batch, true);
  if (batch_accept(batch, status)) batch_count(batch, size.columns != 0 && size.rows != 0);
}

// A letter has pixels, whatever it looks like.
static void calls_font(load_batch_t *batch) {
  font_glyph_t glyph;
  if (!batch_accept(batch, font_glyph('A', &glyph))) return;
  uint32_t pixels = 0;
  for (size_t row = 0; row < COUNT_OF(glyph.rows); row++) pixels |= glyph.rows[row];
  batch_count(batch, pixels != 0);
}

static void calls_displays(load_batch_t *batch) {
  text_size_t size = {};
  calls_font(batch);
  calls_display(batch, framebuffer_size(&size), size);
  calls_display(batch, vga_text_size(&size), size);
}

static void calls_console(load_batch_t *batch, calls_progress_t *progress) {
  if (!batch_accept(batch, console_write(TEXT(CALLS_INVISIBLE_64 CALLS_INVISIBLE_64)))) return;
  console_size_t size;
  if (!batch_accept(batch, console_size(&size))) return;
  if (progress->size.columns == 0) progress->size = size;
  batch_count(batch, size.columns != 0 && size.columns == progress->size.columns &&
                         size.rows == progress->size.rows);
}

static void calls_keyboard(load_batch_t *batch) {
  keyboard_counters_t counters;
  if (!batch_accept(batch, keyboard_describe(&counters))) return;
  batch_count(batch,
              counters.completed <= counters.received && counters.waiting <= kKeyboardQueueItems);
}

static void calls_serial_port(load_batch_t *batch, calls_progress_t *progress) {
  serial_port_counters_t counters;
  if (!batch_accept(batch, serial_port_describe(&counters))) return;
  batch_count(batch, counters.received >= progress->last_received);
  progress->last_received = counters.received;
}

static void calls_interrupt_dispatch(load_batch_t *batch, calls_progress_t *progress) {
  interrupt_info_t info;
  if (!batch_accept(batch, interrupt_dispatch_describe(0, &info))) return;
  batch_count(batch, info.vector == kInterruptFirstVector && info.count >= progress->last_ticks);
  progress->last_ticks = info.count;
}

static void calls_mapper(load_batch_t *batch) {
  mapped_area_t area;
  const status_t status = address_space_mapper_describe(0, &area);
  if (status_is(status, STATUS_NOT_FOUND)) return batch_count(batch, true);
  if (batch_accept(batch, status)) batch_count(batch, area.pages != 0);
}

// Cells of devices that this machine need not have: calls that they answer anyway.
static void calls_devices(load_batch_t *batch) {
  mouse_counters_t mouse;
  if (batch_accept(batch, mouse_describe(&mouse)))
    batch_count(batch, mouse.waiting <= kMouseEvents);
  batch_refused(batch, ps2_controller_open(UINT64_MAX), STATUS_OUT_OF_RANGE);
  batch_refused(batch, pci_find(UINT64_MAX, 0, 0, &(pci_device_t){}), STATUS_OUT_OF_RANGE);
  batch_refused(batch, virtio_console_write(TEXT("")).status, STATUS_INVALID_ARGUMENT);
}

static void calls_one(load_batch_t *batch, calls_progress_t *progress) {
  const uint64_t round = progress->round++;
  switch (round % kCallKinds) {
    case 0:
      return calls_formatting(batch, round, false);
    case 1:
      return calls_keymap(batch, progress, kSpaceCode);
    case 2:
      return calls_console(batch, progress);
    case 3:
      return calls_keymap(batch, progress, kLetterCode);
    case 4:
      return calls_timer(batch, progress);
    case 5:
      return calls_keymap(batch, progress, kShiftCode);
    case 6:
      return calls_keyboard(batch);
    case 7:
      return calls_serial_port(batch, progress);
    case 8:
      return calls_interrupt_dispatch(batch, progress);
    case 9:
      return calls_formatting(batch, ~round, true);
    case 10:
      return calls_mapper(batch);
    case 11:
      if (round / kCallKinds % 2 != 0) return calls_displays(batch);
      if (round / kCallKinds % kCommandEvery != 0) return calls_mapper(batch);
      return commands_one(batch, &progress->command);
    case 12:
      return hardware_one(batch, round / kCallKinds);
    default:
      calls_devices(batch);
      batch_refused(batch, host_channel_announce(0), STATUS_INVALID_ARGUMENT);
      batch_refused(batch, interrupt_controller_enable(UINT64_MAX, 0), STATUS_OUT_OF_RANGE);
      return batch_refused(batch, power_off(UINT64_MAX), STATUS_OUT_OF_RANGE);
  }
}

static status_t calls_turn(calls_progress_t *progress) {
  const bool_result_t stopping = load_generator_begin(&progress->worker, &progress->batch);
  batch_retry(&progress->batch, stopping.status);
  TRY(stopping.status);
  progress->batch = (load_batch_t){};
  if (stopping.value) {
    TRY(load_generator_leave(&progress->worker));
    return ERR(END);
  }
  for (size_t i = 0; i < kCallsPerBatch; i++) calls_one(&progress->batch, progress);
  return OK;
}

status_t load_calls_step(task_progress_t *task) {
  calls_progress_t progress;
  TRY(SEALED_OPEN(task, kLoadCallsTag, kLoadCallsVersion, &progress));
  const status_t status = calls_turn(&progress);
  SEALED_COMMIT(task, kLoadCallsTag, kLoadCallsVersion, &progress);
  if (status_is_ok(status)) status_ignore(task_yield(), "then the tick takes the processor");
  return status;
}
