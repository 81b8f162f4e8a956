// SPDX-License-Identifier: MIT
/// @file
/// One console out of several devices: text goes to the serial line and the screen, characters come
/// from the serial line and the keyboard. The command-line word `console=serial|screen|both` says
/// which (both, if it is not there).
/// @spill none outside of the declared state `console_multiplexer_input`.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// Keys that have no character.
enum console_multiplexer_key {
  kConsoleMultiplexerUp = 0x100,
  kConsoleMultiplexerDown,
  kConsoleMultiplexerLeft,
  kConsoleMultiplexerRight,
  kConsoleMultiplexerHome,
  kConsoleMultiplexerEnd,
  kConsoleMultiplexerDelete = 0x109,
};

typedef struct console_multiplexer_size {
  uint32_t columns;
  uint32_t rows;
} console_multiplexer_size_t;

/// Reads the command line. Until it has run, the console is both.
CELL_EXPORT status_t console_multiplexer_initialize(void);

/// Writes `text` to every device of the console. A device whose cell is gone is left out; when the
/// serial line's is, the text goes there by nano_core's emergency console.
/// @errors   UNAVAILABLE: no device took it.
/// @context  steps only; calls of two writers may alternate
CELL_EXPORT status_t console_multiplexer_write(LENT text_t text);

/// Takes the next character of any device: ASCII (control characters included), or a number from
/// 0x100 on for a key that has none.
/// @errors   WOULD_BLOCK: none is there; events are watched. BUSY: none is there and nothing could
///           be watched; ask again.
/// @context  steps only
CELL_EXPORT u32_result_t console_multiplexer_read(void);

/// The size of the screen in characters. That of a terminal on the serial line is not known here.
/// @errors   UNAVAILABLE: the console has no screen.
/// @context  steps only
CELL_EXPORT status_t console_multiplexer_size(OUT console_multiplexer_size_t *size);

EXTERN_C_END
