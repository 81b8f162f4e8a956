// SPDX-License-Identifier: MIT
#include "testing/qemu/screen/reader.h"

namespace qemu {
namespace {

constexpr unsigned kHeight = 16;  // of a cell
constexpr unsigned kWidth = 8;    // of a shape

// Where the pixels have another colour than the first one.
struct Cell {
  Shape shape{};
  bool blank = true;
  bool two_colours = true;
};

Cell CellAt(const Picture &picture, unsigned left, unsigned top) {
  const uint32_t paper = picture.At(left, top);
  uint32_t ink = paper;
  Cell cell;
  for (unsigned y = 0; y < kHeight; y++) {
    for (unsigned x = 0; x < kWidth; x++) {
      const uint32_t colour = picture.At(left + x, top + y);
      if (colour == paper) continue;
      if (cell.blank) ink = colour;
      cell.blank = false;
      cell.two_colours &= colour == ink;
      cell.shape[y] |= static_cast<uint8_t>(0x80 >> x);
    }
  }
  return cell;
}

char Recognise(const Cell &cell, const Font &font) {
  if (cell.blank) return ' ';
  if (!cell.two_colours) return '?';
  if (const auto found = font.find(cell.shape); found != font.end()) return found->second;
  // The first pixel may be ink.
  Shape inverse;
  for (size_t y = 0; y < inverse.size(); y++) inverse[y] = static_cast<uint8_t>(~cell.shape[y]);
  const auto found = font.find(inverse);
  return found != font.end() ? found->second : '?';
}

}  // namespace

std::vector<std::string> ReadScreen(const Picture &picture, const Fonts &fonts) {
  const bool is_text_mode = picture.width == 720 && picture.height == 400;
  const Font &font = is_text_mode ? fonts.text : fonts.framebuffer;
  const unsigned step = is_text_mode ? 9 : 8;
  std::vector<std::string> rows;
  for (unsigned top = 0; top + kHeight <= picture.height; top += kHeight) {
    std::string row;
    for (unsigned left = 0; left + step <= picture.width; left += step) {
      row += Recognise(CellAt(picture, left, top), font);
    }
    row.erase(row.find_last_not_of(' ') + 1);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace qemu
