// SPDX-License-Identifier: MIT
/// @file
/// The text screen: 80 by 25 characters.
/// @spill   none in the cell; the text, the cursor and a half-read escape sequence are in the blob
///          `console_screen`.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

typedef struct console_size {
  uint32_t columns;
  uint32_t rows;
} console_size_t;

/// Maps and clears the screen. Called by nano_core, once.
/// @errors   those of address_space_mapper_map_device
CELL_EXPORT status_t console_initialize(void);

/// Writes characters at the cursor and scrolls where needed. LF goes to the start of the next line,
/// CR to the start of the line, BS one to the left, TAB to the next multiple of eight. Of the
/// escape sequences of ANSI X3.64 it obeys cursor movement (A B C D G H), erasure (J K); others are
/// skipped.
/// @context  steps; never waits
CELL_EXPORT status_t console_write(text_t text);

/// Clears the screen and puts the cursor into its upper left corner.
/// @context  steps; never waits
CELL_EXPORT status_t console_clear(void);

/// The size in characters.
CELL_EXPORT status_t console_size(OUT console_size_t *size);

EXTERN_C_END
