// SPDX-License-Identifier: MIT
/// @file
/// The text mode of a VGA: 80 by 25 characters out of the card's own font (code page 437).
/// @spill   none in the cell; where the text memory is mapped is in the blob `vga_text_memory`.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/text_cell.h"
EXTERN_C_BEGIN

/// The size of the screen.
/// @errors   UNSUPPORTED: there is no VGA in text mode; so of all functions here.
CELL_EXPORT status_t vga_text_size(OUT text_size_t *size);

/// Blanks the screen.
/// @context  steps; never waits
CELL_EXPORT status_t vga_text_clear(void);

/// Puts characters into one row. Those that the card's font lacks show as `?`; backgrounds have no
/// bright colours.
/// @errors   OUT_OF_RANGE: they do not lie in one row of the screen; nothing is drawn.
/// @context  steps; never waits
CELL_EXPORT status_t vga_text_draw(uint32_t row, uint32_t column, LENT text_cells_t cells);

/// Moves the cursor.
/// @errors   OUT_OF_RANGE: there is no such place.
/// @context  steps; never waits
CELL_EXPORT status_t vga_text_cursor(uint32_t row, uint32_t column);

/// Looks for the card and maps its memory. Called by nano_core when the interface is first needed.
/// @errors   those of address_space_mapper_map_device
CELL_EXPORT status_t vga_text_initialize(void);

EXTERN_C_END
