// SPDX-License-Identifier: MIT
/// @file
/// Makes constants in C of some characters of a font, each drawn into a cell of 8 by 16 pixels.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/font/pf2.h"

namespace font {

constexpr int kCellWidth = 8;    // pixels
constexpr int kCellHeight = 16;  // pixels

/// Code points first to last.
struct Range {
  uint32_t first = 0;
  uint32_t last = 0;
};

/// Rows from the top; the leftmost pixel is the most significant bit.
using Glyph = std::array<uint8_t, kCellHeight>;

/// Reads `20-7e` or `fffd`, hexadecimal.
/// @returns  whether it is a range of code points, the first not above the last
bool ParseRange(const std::string &text, Range *range);

/// Draws a character into its cell: the baseline lies `ascent` rows below the cell's top.
/// @returns  why it does not fit; empty if it does
std::string Draw(const Font &font, uint32_t code_point, Glyph *glyph);

struct Source {
  std::string error;  // empty: the text is whole
  std::string text;
};

/// The header for cells/font.
/// @param ranges  ascending, not overlapping
Source WriteSource(const Font &font, const std::vector<Range> &ranges);

}  // namespace font
