// SPDX-License-Identifier: MIT
#include "cells/console/console.h"

#include "cells/address_space_mapper/address_space_mapper.h"
#include "nano_core/api/mmio.h"
#include "nano_core/api/port_io.h"

static const uint64_t kPhysicalAddress = 0xb8000;

enum {
  kColumns = 80,
  kRows = 25,
  kCells = kColumns * kRows,
  kCellBytes = 2,
  kBlank = 0x0720,  // a space, light grey on black
  kColour = 0x0700,
  kTabColumns = 8,
  kEscape = 0x1b,
  kControllerIndex = 0x3d4,
  kControllerData = 0x3d5,
  kCursorHigh = 0x0e,
  kCursorLow = 0x0f,
  kHighestParameter = 999,
};

// How much of an escape sequence was read.
enum escape_phase { kEscapeNone, kEscapeStarted, kEscapeParameters };

typedef struct screen {
  monitor_t monitor;
  byte_span_t registers;
  uint32_t row;
  uint32_t column;  // kColumns: the next character goes to the next line
  uint32_t phase;   // enum escape_phase
  uint32_t parameter;
  uint32_t parameters[2];
  uint32_t changed_first;  // cells [first, end) may differ from what is shown
  uint32_t changed_end;
  uint16_t cells[kCells];  // what the screen is to show
  uint16_t shown[kCells];  // what was written to the device, which is slow to read
} screen_t;

STATE(screen_t, console_screen);

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

static uint32_t most(uint32_t a, uint32_t b) { return a > b ? a : b; }

// Takes note that the cells [first, end) change.
static void change(uint32_t first, uint32_t end) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  const bool none = screen->changed_first == screen->changed_end;
  state_set(&screen->changed_first, none ? first : least(first, screen->changed_first));
  state_set(&screen->changed_end, none ? end : most(end, screen->changed_end));
}

static void fill(uint32_t first, uint32_t end) REQUIRES(state_console_screen->monitor) {
  change(first, end);
  for (uint32_t i = first; i < end; i++) state_set(&state_console_screen->cells[i], kBlank);
}

static void move_to(uint32_t row, uint32_t column) REQUIRES(state_console_screen->monitor) {
  state_set(&state_console_screen->row, row);
  state_set(&state_console_screen->column, column);
}

static void clear_screen(void) REQUIRES(state_console_screen->monitor) {
  fill(0, kCells);
  move_to(0, 0);
}

static void scroll(void) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  change(0, kCells);
  for (uint32_t row = 1; row < kRows; row++) {
    state_copy(&screen->cells[(row - 1) * kColumns], &screen->cells[row * kColumns],
               kColumns * kCellBytes);
  }
  fill(kCells - kColumns, kCells);
}

static void next_line(void) REQUIRES(state_console_screen->monitor) {
  const uint32_t row = state_console_screen->row;
  if (row + 1 == kRows) scroll();
  move_to(least(row + 1, kRows - 1), 0);
}

static void put(uint8_t character) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  if (screen->column == kColumns) next_line();
  const uint16_t cell = (uint16_t)(kColour | (character < 0x7f ? character : '?'));
  const uint32_t place = screen->row * kColumns + screen->column;
  change(place, place + 1);
  state_set(&screen->cells[place], cell);
  state_set(&screen->column, screen->column + 1);
}

static void control(uint8_t character) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  switch (character) {
    case '\n':
      next_line();
      break;
    case '\r':
      move_to(screen->row, 0);
      break;
    case '\b':
      move_to(screen->row, screen->column == 0 ? 0 : screen->column - 1);
      break;
    case '\t':
      move_to(screen->row, least((screen->column / kTabColumns + 1) * kTabColumns, kColumns - 1));
      break;
    case kEscape:
      state_set(&screen->phase, (uint32_t)kEscapeStarted);
      break;
    default:
      break;
  }
}

// Erases the line (J: the screen) behind the cursor, before it (1), or all of it (2).
static void erase(uint32_t start, uint32_t end, uint32_t how)
    REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  const uint32_t cursor = screen->row * kColumns + least(screen->column, kColumns - 1);
  fill(how == 0 ? cursor : start, how == 1 ? cursor + 1 : end);
}

// Obeys the sequence that `final` ends. A missing count means 1.
static void obey(uint8_t final) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  const uint32_t first = screen->parameters[0];
  const uint32_t count = first == 0 ? 1 : first;
  const uint32_t column = least(screen->column, kColumns - 1);
  const uint32_t line = screen->row * kColumns;
  switch (final) {
    case 'A':
      move_to(screen->row - least(count, screen->row), column);
      break;
    case 'B':
      move_to(least(screen->row + count, kRows - 1), column);
      break;
    case 'C':
      move_to(screen->row, least(column + count, kColumns - 1));
      break;
    case 'D':
      move_to(screen->row, column - least(count, column));
      break;
    case 'G':
      move_to(screen->row, least(count, kColumns) - 1);
      break;
    case 'H': {
      const uint32_t second = screen->parameters[1] == 0 ? 1 : screen->parameters[1];
      move_to(least(count, kRows) - 1, least(second, kColumns) - 1);
      break;
    }
    case 'J':
      erase(0, kCells, first);
      break;
    case 'K':
      erase(line, line + kColumns, first);
      break;
    default:
      break;
  }
}

static void parameter_digit(uint8_t digit) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  if (screen->parameter >= COUNT_OF(screen->parameters)) return;
  const uint32_t *value = &screen->parameters[screen->parameter];
  state_set(value, least(*value * 10 + digit - '0', kHighestParameter));
}

// Takes one more character of an escape sequence.
static void escape(uint8_t character) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  if (screen->phase == kEscapeStarted) {
    const bool parameters = character == '[';
    state_clear(screen->parameters, sizeof(screen->parameters));
    state_set(&screen->parameter, 0);
    state_set(&screen->phase, (uint32_t)(parameters ? kEscapeParameters : kEscapeNone));
  } else if (character >= '0' && character <= '9') {
    parameter_digit(character);
  } else if (character == ';') {
    state_set(&screen->parameter, least(screen->parameter + 1, COUNT_OF(screen->parameters)));
  } else if (character >= '@' && character <= '~') {
    state_set(&screen->phase, (uint32_t)kEscapeNone);
    obey(character);
  } else if (character < ' ') {
    // Not a sequence after all: the character counts.
    state_set(&screen->phase, (uint32_t)kEscapeNone);
    control(character);
  }
}

static void take(uint8_t character) REQUIRES(state_console_screen->monitor) {
  if (state_console_screen->phase != kEscapeNone) {
    escape(character);
  } else if (character < ' ' || character == 0x7f) {
    control(character);
  } else {
    put(character);
  }
}

static void show_cursor(void) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  const uint32_t place = screen->row * kColumns + least(screen->column, kColumns - 1);
  port_write8(kControllerIndex, kCursorHigh);
  port_write8(kControllerData, (uint8_t)(place >> 8));
  port_write8(kControllerIndex, kCursorLow);
  port_write8(kControllerData, (uint8_t)(place & 0xff));
}

// Writes to the device what has changed.
static void show(void) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  for (uint32_t i = screen->changed_first; i < screen->changed_end; i++) {
    if (screen->cells[i] == screen->shown[i]) continue;
    mmio_write16(screen->registers, i * kCellBytes, screen->cells[i]);
    state_set(&screen->shown[i], screen->cells[i]);
  }
  state_set(&screen->changed_first, 0);
  state_set(&screen->changed_end, 0);
  show_cursor();
}

// The device's memory, mapped; once is enough, also where an earlier attempt failed after it.
static memory_result_t map_registers(void) {
  monitor_enter(&state_console_screen->monitor);
  uint8_t *mapped = state_console_screen->registers.data;
  monitor_exit(&state_console_screen->monitor);
  if (mapped != NULL) return (memory_result_t){.value = mapped};
  const owner_result_t owner = owner_self();
  TRY_RESULT(memory_result_t, owner.status);
  return address_space_mapper_map_device(owner.value, (paddr_t){kPhysicalAddress},
                                         kCells * kCellBytes);
}

status_t console_initialize(void) {
  // The device's memory stays mapped, so who knows where must stay too.
  TRY(blob_retain(TEXT("console_screen")));
  const memory_result_t memory = map_registers();
  TRY(memory.status);
  const byte_span_t registers = {memory.value, kCells * kCellBytes};
  monitor_enter(&state_console_screen->monitor);
  state_set(&state_console_screen->registers, registers);
  // Nobody knows what the device shows now: 0 is no cell of ours, so each one is written.
  state_clear(state_console_screen->shown, sizeof(state_console_screen->shown));
  clear_screen();
  show();
  monitor_exit(&state_console_screen->monitor);
  return OK;
}

status_t console_write(text_t text) {
  monitor_enter(&state_console_screen->monitor);
  for (size_t i = 0; i < text.length; i++) take((uint8_t)*text_at(text, i));
  show();
  monitor_exit(&state_console_screen->monitor);
  return OK;
}

status_t console_clear(void) {
  monitor_enter(&state_console_screen->monitor);
  clear_screen();
  show();
  monitor_exit(&state_console_screen->monitor);
  return OK;
}

status_t console_size(console_size_t *size) {
  *size = (console_size_t){kColumns, kRows};
  return OK;
}
