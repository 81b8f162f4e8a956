// SPDX-License-Identifier: MIT
/// @file
/// Reads a screen as a person does: by its pixels.
#pragma once
#include <string>
#include <vector>

#include "testing/qemu/screen/font.h"
#include "testing/qemu/screen/picture.h"

namespace qemu {

/// The fonts of a machine.
struct Fonts {
  Font framebuffer;  // cells of 8 by 16 pixels
  Font text;         // the VGA's text mode: 80 by 25 cells of 9 by 16
};

/// Reads characters off a grid of cells that begins in the upper left corner. A cell of one colour
/// is a blank; one of two colours is the character whose shape either of them has; anything else,
/// and a cell under the cursor, is a '?'.
/// @returns a string for each row, without blanks at its end
std::vector<std::string> ReadScreen(const Picture &picture, const Fonts &fonts);

}  // namespace qemu
