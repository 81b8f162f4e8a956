// SPDX-License-Identifier: MIT
#include "testing/qemu/screen/font.h"

#include <string>

namespace qemu {
namespace {

constexpr char kFirst = 0x21;  // the blank has no shape
constexpr char kLast = 0x7e;
constexpr size_t kIndexEntryBytes = 9;
constexpr size_t kGlyphHeaderBytes = 10;

// A number of `bytes` bytes, the most significant first; nothing outside of the file.
std::optional<uint32_t> NumberAt(std::string_view file, size_t at, size_t bytes) {
  if (at > file.size() || bytes > file.size() - at) return std::nullopt;
  uint32_t number = 0;
  for (size_t i = 0; i < bytes; i++)
    number = number << 8 | static_cast<unsigned char>(file[at + i]);
  return number;
}

std::optional<int> SignedAt(std::string_view file, size_t at) {
  const auto number = NumberAt(file, at, 2);
  if (!number) return std::nullopt;
  return static_cast<int16_t>(*number);
}

// The contents of the section `name`; a PF2 file is a row of them, up to DATA.
std::optional<std::string_view> Section(std::string_view file, std::string_view name) {
  for (size_t at = 0; at + 8 <= file.size();) {
    const auto bytes = NumberAt(file, at + 4, 4);
    if (!bytes || *bytes > file.size() - at - 8) return std::nullopt;
    if (file.substr(at, 4) == name) return file.substr(at + 8, *bytes);
    at += 8 + *bytes;
  }
  return std::nullopt;
}

// The shape of the glyph at `at`: its bits follow each other without padding.
std::optional<Shape> GlyphAt(std::string_view file, size_t at, int ascent) {
  const auto width = SignedAt(file, at);
  const auto height = SignedAt(file, at + 2);
  const auto left = SignedAt(file, at + 4);
  const auto bottom = SignedAt(file, at + 6);
  if (!width || !height || !left || !bottom) return std::nullopt;
  const int top = ascent - *bottom - *height;
  if (*left < 0 || *width < 0 || *left + *width > 8) return std::nullopt;
  if (top < 0 || *height < 0 || top + *height > 16) return std::nullopt;
  Shape shape{};
  for (int bit = 0; bit < *width * *height; bit++) {
    const auto byte = NumberAt(file, at + kGlyphHeaderBytes + static_cast<size_t>(bit / 8), 1);
    if (!byte) return std::nullopt;
    if ((*byte >> (7 - bit % 8) & 1) == 0) continue;
    shape[static_cast<size_t>(top + bit / *width)] |=
        static_cast<uint8_t>(0x80 >> (*left + bit % *width));
  }
  return shape;
}

}  // namespace

std::optional<Font> ReadPf2(std::string_view file) {
  const auto index = Section(file, "CHIX");
  const auto ascent_section = Section(file, "ASCE");
  if (!file.starts_with("FILE") || !index || !ascent_section) return std::nullopt;
  const auto ascent = SignedAt(*ascent_section, 0);
  if (!ascent) return std::nullopt;
  Font font;
  for (size_t at = 0; at + kIndexEntryBytes <= index->size(); at += kIndexEntryBytes) {
    const uint32_t code_point = *NumberAt(*index, at, 4);
    if (code_point < uint32_t{kFirst} || code_point > uint32_t{kLast}) continue;
    const auto shape = GlyphAt(file, *NumberAt(*index, at + 5, 4), *ascent);
    if (!shape) return std::nullopt;
    font.emplace(*shape, static_cast<char>(code_point));
  }
  if (font.size() != size_t{kLast - kFirst + 1}) return std::nullopt;
  return font;
}

std::optional<Font> ReadVgaRom(std::string_view file) {
  // Shapes that every VGA has: nothing for the first character, a face for the second. Fonts of
  // other heights, which the ROM has too, draw another face.
  const std::string start =
      std::string(18, '\0') + "\x7e\x81\xa5\x81\x81\xbd\x99\x81\x81\x7e" + std::string(4, '\0');
  const size_t base = file.find(start);
  constexpr size_t kShapeBytes = sizeof(Shape);
  if (base == std::string_view::npos || file.size() - base < 256 * kShapeBytes) return std::nullopt;
  Font font;
  for (char character = kFirst; character <= kLast; character++) {
    Shape shape;
    const std::string_view rows =
        file.substr(base + static_cast<size_t>(character) * kShapeBytes, kShapeBytes);
    std::copy(rows.begin(), rows.end(), shape.begin());
    font.emplace(shape, character);
  }
  if (font.size() != size_t{kLast - kFirst + 1}) return std::nullopt;
  return font;
}

}  // namespace qemu
