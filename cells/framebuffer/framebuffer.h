// SPDX-License-Identifier: MIT
/// @file
/// Characters on a linear framebuffer, in a grid of cells of 8 by 16 pixels from the upper left
/// corner on. The font is the cell `font`.
/// @spill   none in the cell; the framebuffer's layout, and where it is mapped, are in the blob
///          `framebuffer_surface`.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/text_cell.h"
EXTERN_C_BEGIN

/// The size in whole characters.
/// @errors   UNSUPPORTED: there is no framebuffer, or none that can be used; so of all functions
///           here but the first call, which nano_core makes.
CELL_EXPORT status_t framebuffer_size(OUT text_size_t *size);

/// Makes every pixel black, those at the right and lower edge that belong to no character included.
/// @context  steps; never waits; O(pixels)
CELL_EXPORT status_t framebuffer_clear(void);

/// Draws characters into one row.
/// @errors   OUT_OF_RANGE: they do not lie in one row of the screen; nothing is drawn. Those of
///           font_glyph: some of the characters may have been drawn.
/// @context  steps; never waits
CELL_EXPORT status_t framebuffer_draw(uint32_t row, uint32_t column, LENT text_cells_t cells);

/// Checks and maps what the boot loader handed over. What makes no sense, or cannot be mapped, is
/// no error here: the other functions say UNSUPPORTED, and the log says why.
/// @errors   UNAVAILABLE, FAULT: the mapper is gone; it is tried again.
CELL_EXPORT status_t framebuffer_initialize(void);

EXTERN_C_END
