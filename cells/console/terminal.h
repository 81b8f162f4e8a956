// SPDX-License-Identifier: MIT
/// @file
/// What characters and escape sequences (ANSI X3.64) do to the grid. Text is UTF-8.
#pragma once
#include "cells/console/screen.h"

enum {
  kTabColumns = 8,
  kEscape = 0x1b,
  kDelete = 0x7f,
  kHighestParameter = 999,
};

/// How much of an escape sequence was read.
enum escape_phase { kEscapeNone, kEscapeStarted, kEscapeParameters };

static const pen_t kPlainPen = {.foreground = kTextGrey, .background = kTextBlack};

static inline void terminal_control(uint8_t character) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  const uint32_t row = screen->at.row;
  const uint32_t column = screen->at.column;
  switch (character) {
    case '\n':
      screen_next_line();
      break;
    case '\r':
      screen_move(row, 0);
      break;
    case '\b':
      screen_move(row, column == 0 ? 0 : column - 1);
      break;
    case '\t':
      screen_move(row, least((column / kTabColumns + 1) * kTabColumns, screen->size.columns - 1));
      break;
    case kEscape:
      state_set(&screen->decoder.phase, (uint32_t)kEscapeStarted);
      break;
    default:
      break;
  }
}

/// Erases from `start` to `end` behind the cursor, before it (1), or all of it (2).
static inline void terminal_erase(text_place_t start, text_place_t end, uint32_t how)
    REQUIRES(state_console_screen->monitor) {
  const text_place_t cursor = screen_cursor();
  const text_place_t behind = {cursor.row, cursor.column + 1};
  screen_blank_range(how == 0 ? cursor : start, how == 1 ? behind : end);
}

// A colour of the 256 of `38;5;N`: only the first sixteen are known.
static inline void terminal_indexed_colour(pen_t *pen, uint32_t which, uint32_t colour) {
  if (colour >= kTextColours) return;
  if (which == 38) pen->foreground = (uint8_t)colour;
  if (which == 48) pen->background = (uint8_t)colour;
}

static inline void terminal_attribute(pen_t *pen, uint32_t value) {
  if (value == 0) *pen = kPlainPen;
  if (value == 1) pen->bold = 1;
  if (value == 22) pen->bold = 0;
  if (value == 7) pen->reversed = 1;
  if (value == 27) pen->reversed = 0;
  if (value >= 30 && value <= 37) pen->foreground = (uint8_t)(value - 30);
  if (value == 39) pen->foreground = kPlainPen.foreground;
  if (value >= 40 && value <= 47) pen->background = (uint8_t)(value - 40);
  if (value == 49) pen->background = kPlainPen.background;
  if (value >= 90 && value <= 97) pen->foreground = (uint8_t)(value - 90 + kTextBright);
  if (value >= 100 && value <= 107) pen->background = (uint8_t)(value - 100 + kTextBright);
}

/// Obeys `m`: colours and the like, one per parameter. A colour by index takes two more.
static inline void terminal_attributes(void) REQUIRES(state_console_screen->monitor) {
  const decoder_t *decoder = &state_console_screen->decoder;
  const uint32_t count = least(decoder->parameter + 1, kParameters);
  pen_t pen = state_console_screen->pen;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t value = decoder->parameters[i];
    if (value != 38 && value != 48) {
      terminal_attribute(&pen, value);
    } else if (i + 2 < count && decoder->parameters[i + 1] == 5) {
      terminal_indexed_colour(&pen, value, decoder->parameters[i + 2]);
      i += 2;
    } else {
      break;  // three bytes of a colour, or nonsense: the rest means nothing by itself
    }
  }
  state_set(&state_console_screen->pen, pen);
}

/// Obeys a sequence that moves the cursor. A missing count means 1.
static inline void terminal_go(uint8_t final) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  const text_size_t size = screen->size;
  const text_place_t at = screen_cursor();
  const uint32_t count = most(screen->decoder.parameters[0], 1);
  const uint32_t second = most(screen->decoder.parameters[1], 1);
  switch (final) {
    case 'A':
      return screen_move(at.row - least(count, at.row), at.column);
    case 'B':
      return screen_move(least(at.row + count, size.rows - 1), at.column);
    case 'C':
      return screen_move(at.row, least(at.column + count, size.columns - 1));
    case 'D':
      return screen_move(at.row, at.column - least(count, at.column));
    case 'G':
      return screen_move(at.row, least(count, size.columns) - 1);
    case 'H':
      return screen_move(least(count, size.rows) - 1, least(second, size.columns) - 1);
    default:
      return;
  }
}

/// Obeys the sequence that `final` ends; those that are not known do nothing.
static inline void terminal_obey(uint8_t final) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  const uint32_t how = screen->decoder.parameters[0];
  const text_place_t line = {screen->at.row, 0};
  const text_place_t line_end = {screen->at.row, screen->size.columns};
  const text_place_t end = {screen->size.rows - 1, screen->size.columns};
  if (final == 'J') {
    terminal_erase((text_place_t){0, 0}, end, how);
  } else if (final == 'K') {
    terminal_erase(line, line_end, how);
  } else if (final == 'm') {
    terminal_attributes();
  } else {
    terminal_go(final);
  }
}

static inline void terminal_digit(uint8_t digit) REQUIRES(state_console_screen->monitor) {
  const decoder_t *decoder = &state_console_screen->decoder;
  if (decoder->parameter >= COUNT_OF(decoder->parameters)) return;
  const uint32_t *value = &decoder->parameters[decoder->parameter];
  state_set(value, least(*value * 10 + digit - '0', kHighestParameter));
}

/// Takes one more character of an escape sequence.
static inline void terminal_escape(uint8_t character) REQUIRES(state_console_screen->monitor) {
  const decoder_t *decoder = &state_console_screen->decoder;
  if (character < ' ') {
    // Not a sequence after all: the character counts.
    state_set(&decoder->phase, (uint32_t)kEscapeNone);
    terminal_control(character);
  } else if (decoder->phase == kEscapeStarted) {
    const bool parameters = character == '[';
    state_clear(decoder->parameters, sizeof(decoder->parameters));
    state_set(&decoder->parameter, 0);
    state_set(&decoder->phase, (uint32_t)(parameters ? kEscapeParameters : kEscapeNone));
  } else if (character >= '0' && character <= '9') {
    terminal_digit(character);
  } else if (character == ';') {
    state_set(&decoder->parameter, least(decoder->parameter + 1, kParameters));
  } else if (character >= '@' && character <= '~') {
    state_set(&decoder->phase, (uint32_t)kEscapeNone);
    terminal_obey(character);
  }
}

/// Begins a character of several bytes.
static inline void terminal_lead(uint8_t byte) REQUIRES(state_console_screen->monitor) {
  const decoder_t *decoder = &state_console_screen->decoder;
  const uint32_t missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
  if (byte < 0xc2 || byte > 0xf4) return screen_put(kTextReplacement);
  state_set(&decoder->missing, missing);
  state_set(&decoder->code_point, (uint32_t)byte & (0x3fu >> missing));
  state_set(&decoder->least, missing == 3 ? 0x10000u : missing == 2 ? 0x800u : 0x80u);
}

/// Goes on with a character of several bytes.
static inline void terminal_continue(uint8_t byte) REQUIRES(state_console_screen->monitor) {
  const decoder_t *decoder = &state_console_screen->decoder;
  const uint32_t code_point = decoder->code_point << 6 | (byte & 0x3fu);
  state_set(&decoder->code_point, code_point);
  state_set(&decoder->missing, decoder->missing - 1);
  if (decoder->missing > 0) return;
  const bool surrogate = code_point >= 0xd800 && code_point < 0xe000;
  const bool known = code_point >= 0xa0 && code_point >= decoder->least && !surrogate;
  screen_put(known ? code_point : (uint32_t)kTextReplacement);
}

/// Takes one byte of text.
static inline void terminal_take(uint8_t byte) REQUIRES(state_console_screen->monitor) {
  const decoder_t *decoder = &state_console_screen->decoder;
  const bool continues = (byte & 0xc0) == 0x80;
  if (decoder->missing > 0 && continues) return terminal_continue(byte);
  if (decoder->missing > 0) {
    state_set(&decoder->missing, 0);
    screen_put(kTextReplacement);  // it was cut off
  }
  if (decoder->phase != kEscapeNone) {
    terminal_escape(byte);
  } else if (byte < ' ' || byte == kDelete) {
    terminal_control(byte);
  } else if (byte < kDelete) {
    screen_put(byte);
  } else {
    terminal_lead(byte);
  }
}
