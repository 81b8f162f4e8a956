// SPDX-License-Identifier: MIT
/// @file
/// Colours of a terminal. They go around a text that is laid out already, so that they never count
/// as columns.
/// @spill   none
/// @source  ECMA-48, 8.3.117 (select graphic rendition).
#pragma once
#include "nano_core/api/span.h"

enum terminal_style {
  kTerminalStylePlain,
  kTerminalStyleBold,
  kTerminalStyleGood,
  kTerminalStyleBad,
  kTerminalStyleReverse,
};

/// What goes before a text of this style; kTerminalStylePlain ends the others.
static inline text_t terminal_style_text(enum terminal_style style) {
  switch (style) {
    case kTerminalStyleBold:
      return TEXT("\x1b[1m");
    case kTerminalStyleGood:
      return TEXT("\x1b[32m");
    case kTerminalStyleBad:
      return TEXT("\x1b[31m");
    case kTerminalStyleReverse:
      return TEXT("\x1b[7m");
    default:
      return TEXT("\x1b[0m");
  }
}

/// Whether a line heads a table: letters, all of them capitals.
static inline bool terminal_style_is_header(text_t line) {
  bool letters = false;
  for (size_t i = 0; i < line.length; i++) {
    const char character = *text_at(line, i);
    if (character >= 'a' && character <= 'z') return false;
    letters = letters || (character >= 'A' && character <= 'Z');
  }
  return letters;
}
