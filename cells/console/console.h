// SPDX-License-Identifier: MIT
/// @file
/// The terminal: text with colours on the framebuffer, or on a VGA in text mode.
/// @spill   none in the cell; the text, the cursor and a half-read escape sequence are in the blob
///          `console_screen`.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

typedef struct console_size {
  uint32_t columns;
  uint32_t rows;
} console_size_t;

/// Looks for a display. Text that was written before, by an instance that was unloaded, stays.
/// Called by nano_core, once.
CELL_EXPORT status_t console_initialize(void);

/// Writes UTF-8 text at the cursor and scrolls where needed. LF goes to the start of the next line,
/// CR to the start of the line, BS one to the left, TAB to the next multiple of eight. Of the
/// escape sequences of ANSI X3.64 it obeys cursor movement (A B C D G H), erasure (J K) and colours
/// (m: 16 colours, bold, reversed); others are skipped.
///
/// Where no display serves now, the text is kept and shown when one does: OK all the same. Another
/// task may be drawing; it then draws this text, too.
/// @context  steps; never waits
CELL_EXPORT status_t console_write(text_t text);

/// Clears the screen and puts the cursor into its upper left corner.
/// @context  steps; never waits
CELL_EXPORT status_t console_clear(void);

/// Draws every character anew, whatever is on the screen: after a change of the font, or when
/// somebody else has drawn.
/// @context  steps; never waits
CELL_EXPORT status_t console_redraw(void);

/// The size in characters: the display's, at most 240 by 75; 80 by 25 without a display.
CELL_EXPORT status_t console_size(OUT console_size_t *size);

EXTERN_C_END
