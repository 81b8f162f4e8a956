// SPDX-License-Identifier: MIT
/// @file
/// Reads PF2, the font format of GRUB: sections of four letters, a length and the contents, all
/// numbers with the most significant byte first. CHIX lists the characters with the places of their
/// bitmaps, which follow in DATA up to the end of the file.
/// @source  GRUB 2.06, font/font.c and include/grub/fontformat.h
#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace font {

/// One character: its bitmap, which lies anywhere in the character's cell.
struct Character {
  unsigned width = 0;   // of the bitmap
  unsigned height = 0;  // of the bitmap
  int left = 0;         // from the cell's left edge to the bitmap
  int bottom = 0;       // from the baseline up to the bitmap
  int advance = 0;      // width of the cell
  std::string bits;     // rows from the top, without padding between them

  /// Whether the pixel is set; outside of the bitmap none is.
  bool Pixel(unsigned row, unsigned column) const;
};

struct Font {
  std::string error;  // empty: the file is right
  std::string name;
  int ascent = 0;   // pixels above the baseline
  int descent = 0;  // pixels below it
  std::map<uint32_t, Character> characters;
};

/// Reads a whole file. Nothing is believed: whatever does not fit is an error that names it.
/// @param bytes  the contents of the file
Font Parse(const std::string &bytes);

}  // namespace font
