// SPDX-License-Identifier: MIT
#include "testing/qemu/screen/picture.h"

#include <charconv>

namespace qemu {
namespace {

constexpr unsigned kMostPixels = 16384;  // in either direction

// Takes the blanks before a number, the number, and the one blank behind it.
std::optional<unsigned> TakeNumber(std::string_view *rest) {
  while (!rest->empty() && (rest->front() == ' ' || rest->front() == '\n')) rest->remove_prefix(1);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(rest->data(), rest->data() + rest->size(), number);
  const auto length = static_cast<size_t>(end - rest->data());
  if (error != std::errc{} || length == rest->size()) return std::nullopt;
  rest->remove_prefix(length + 1);
  return number;
}

}  // namespace

std::optional<Picture> ParsePpm(std::string_view file) {
  if (!file.starts_with("P6")) return std::nullopt;
  file.remove_prefix(2);
  const auto width = TakeNumber(&file);
  const auto height = TakeNumber(&file);
  const auto largest = TakeNumber(&file);
  if (!width || !height || largest != 255) return std::nullopt;
  if (*width > kMostPixels || *height > kMostPixels) return std::nullopt;
  const size_t count = size_t{*width} * *height;
  if (file.size() < 3 * count) return std::nullopt;
  Picture picture{*width, *height, {}};
  picture.pixels.reserve(count);
  const auto byte = [&](size_t at) { return uint32_t{static_cast<unsigned char>(file[at])}; };
  for (size_t i = 0; i < 3 * count; i += 3) {
    picture.pixels.push_back(byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2));
  }
  return picture;
}

}  // namespace qemu
