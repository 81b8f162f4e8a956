// SPDX-License-Identifier: MIT
#include "cells/console_multiplexer/console_multiplexer.h"

#include "cells/console/console.h"
#include "cells/keyboard/keyboard.h"
#include "cells/keymap/keymap.h"
#include "cells/serial_port/serial_port.h"
#include "cells/timer/timer.h"
#include "nano_core/api/machine.h"

typedef struct console_multiplexer_input {
  monitor_t monitor;
  uint32_t without;          // enum device: those that the command line left out
  uint64_t token;            // of the keyboard's consumer; 0: none
  keymap_state_t modifiers;  // sealed by the keymap
} console_multiplexer_input_t;

STATE(console_multiplexer_input_t, console_multiplexer_input);

enum device { kSerial = 1, kScreen = 2 };  // the keyboard belongs to the screen

// Codes that make no character (releases, modifiers) that one call deals with.
enum { kCodesPerRead = 16 };

static_assert((int)kKeymapUp == (int)kConsoleMultiplexerUp &&
                  (int)kKeymapDown == (int)kConsoleMultiplexerDown &&
                  (int)kKeymapLeft == (int)kConsoleMultiplexerLeft &&
                  (int)kKeymapRight == (int)kConsoleMultiplexerRight &&
                  (int)kKeymapHome == (int)kConsoleMultiplexerHome &&
                  (int)kKeymapEnd == (int)kConsoleMultiplexerEnd &&
                  (int)kKeymapDelete == (int)kConsoleMultiplexerDelete,
              "keys pass from the keymap to the console as they are");

status_t console_multiplexer_initialize(void) {
  char buffer[16];
  const size_result_t length = machine_option_value(TEXT("console"), SPAN_OF(text_buffer, buffer));
  uint32_t without = 0;
  if (status_is_ok(length.status) && length.value <= sizeof(buffer)) {
    const text_t value = text_slice(SPAN_OF(text, buffer), 0, length.value);
    if (text_equal(value, TEXT("serial"))) without = kScreen;
    if (text_equal(value, TEXT("screen"))) without = kSerial;
  }
  monitor_enter(&state_console_multiplexer_input->monitor);
  state_set(&state_console_multiplexer_input->without, without);
  monitor_exit(&state_console_multiplexer_input->monitor);
  return OK;
}

static bool has_device(enum device device) {
  monitor_enter(&state_console_multiplexer_input->monitor);
  const uint32_t without = state_console_multiplexer_input->without;
  monitor_exit(&state_console_multiplexer_input->monitor);
  return (without & (uint32_t)device) == 0;
}

static status_t write_serial(text_t text) {
  const status_t status = serial_port_write(text);
  if (status_is_ok(status)) return status;
  // A driver that failed half-way has left the line anywhere.
  if (!status_is(status, STATUS_UNAVAILABLE)) TRY(emergency_write(TEXT("\n")));
  return emergency_write(text);
}

status_t console_multiplexer_write(text_t text) {
  bool taken = false;
  if (has_device(kSerial)) taken = status_is_ok(write_serial(text));
  if (has_device(kScreen) && status_is_ok(console_write(text))) taken = true;
  return taken ? OK : ERR(UNAVAILABLE);
}

// While the driver is gone, polls the line on each tick.
static u32_result_t poll_serial(void) {
  u32_result_t result = emergency_read();
  if (status_is_ok(result.status)) return result;
  const nanoseconds_result_t now = timer_now();
  result.status = now.status;
  if (status_is_ok(now.status)) {
    result.status = timer_wait_until((nanoseconds_t){now.value.count + 1});
  }
  // Without a timer nothing tells when to look again.
  if (!status_is(result.status, STATUS_WOULD_BLOCK)) result.status = ERR(BUSY);
  return result;
}

static u32_result_t read_serial(void) {
  const u32_result_t result = serial_port_read();
  if (status_is_ok(result.status) || status_is(result.status, STATUS_WOULD_BLOCK)) return result;
  return poll_serial();
}

static void keep_token(uint64_t token) {
  monitor_enter(&state_console_multiplexer_input->monitor);
  state_set(&state_console_multiplexer_input->token, token);
  monitor_exit(&state_console_multiplexer_input->monitor);
}

// Looks at the oldest scan code, and becomes the keyboard's consumer first, if nobody is.
static status_t peek_code(uint64_t *token, keyboard_item_t *item) {
  monitor_enter(&state_console_multiplexer_input->monitor);
  *token = state_console_multiplexer_input->token;
  monitor_exit(&state_console_multiplexer_input->monitor);
  const status_t status = keyboard_peek(*token, item);
  if (!status_is(status, STATUS_STALE)) return status;
  const keyboard_consumer_result_t consumer = keyboard_acquire_if_free();
  TRY(consumer.status);
  keep_token(consumer.value);
  *token = consumer.value;
  return keyboard_peek(consumer.value, item);
}

// The character that a scan code makes, or 0. Without a keymap no code makes one.
static uint32_t translate(uint8_t code) {
  monitor_enter(&state_console_multiplexer_input->monitor);
  keymap_state_t modifiers = state_console_multiplexer_input->modifiers;
  monitor_exit(&state_console_multiplexer_input->monitor);
  const u32_result_t character = keymap_translate(&modifiers, code);
  if (status_is(character.status, STATUS_STALE) ||
      status_is(character.status, STATUS_INVALID_OBJECT)) {
    modifiers = (keymap_state_t){};  // another layout's: begin anew, as if no key was held
  } else if (!status_is_ok(character.status)) {
    return 0;
  }
  monitor_enter(&state_console_multiplexer_input->monitor);
  state_copy(&state_console_multiplexer_input->modifiers, &modifiers, sizeof(modifiers));
  monitor_exit(&state_console_multiplexer_input->monitor);
  return status_is_ok(character.status) ? character.value : 0;
}

static u32_result_t read_keyboard(void) {
  for (size_t i = 0; i < kCodesPerRead; i++) {
    uint64_t token = 0;
    keyboard_item_t item;
    TRY_RESULT(u32_result_t, peek_code(&token, &item));
    const uint32_t character = translate(item.code);
    TRY_RESULT(u32_result_t, keyboard_complete(token, item.sequence));
    if (character != 0) return (u32_result_t){.value = character};
  }
  return (u32_result_t){.status = ERR(BUSY)};  // there may be more
}

u32_result_t console_multiplexer_read(void) {
  u32_result_t serial = {.status = ERR(UNAVAILABLE)};
  if (has_device(kSerial)) serial = read_serial();
  if (status_is_ok(serial.status)) return serial;
  u32_result_t keyboard = {.status = ERR(UNAVAILABLE)};
  if (has_device(kScreen)) keyboard = read_keyboard();
  if (status_is_ok(keyboard.status)) return keyboard;
  const bool again = status_is(serial.status, STATUS_BUSY) ||
                     status_is(keyboard.status, STATUS_BUSY) ||
                     status_is(keyboard.status, STATUS_STALE);
  const bool watched = status_is(serial.status, STATUS_WOULD_BLOCK) ||
                       status_is(keyboard.status, STATUS_WOULD_BLOCK);
  return (u32_result_t){.status = watched && !again ? ERR(WOULD_BLOCK) : ERR(BUSY)};
}

status_t console_multiplexer_size(console_multiplexer_size_t *size) {
  if (!has_device(kScreen)) return ERR(UNAVAILABLE);
  console_size_t screen;
  TRY(console_size(&screen));
  *size = (console_multiplexer_size_t){.columns = screen.columns, .rows = screen.rows};
  return OK;
}
