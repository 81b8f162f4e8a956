// SPDX-License-Identifier: MIT
/// @file
/// A picture of the screen.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace qemu {

/// Pixels in rows from the top.
struct Picture {
  unsigned width = 0;
  unsigned height = 0;
  std::vector<uint32_t> pixels;  // 0xrrggbb; [height * width]

  uint32_t At(unsigned x, unsigned y) const { return pixels[size_t{y} * width + x]; }
};

/// Reads a binary PPM file with 8 bits a channel, as QEMU writes it.
/// @returns nothing if it is none, or cut off
std::optional<Picture> ParsePpm(std::string_view file);

}  // namespace qemu
