// SPDX-License-Identifier: MIT
/// @file
/// The shapes of printable ASCII, 8 by 16 pixels, as the files of others have them.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

namespace qemu {

/// Rows from the top; the leftmost pixel is the most significant bit.
using Shape = std::array<uint8_t, 16>;

/// Which character has a shape.
using Font = std::map<Shape, char>;

/// Reads a font of GRUB's format PF2. A shape's top is the font's ascent above its baseline.
/// @returns nothing if the file is no such font, is cut off, or lacks a character
/// @source  GRUB's manual, "Font file format"
std::optional<Font> ReadPf2(std::string_view file);

/// Finds the font of the text mode in the ROM image of a VGA: 256 shapes in a row.
/// @returns nothing if it is not there
std::optional<Font> ReadVgaRom(std::string_view file);

}  // namespace qemu
