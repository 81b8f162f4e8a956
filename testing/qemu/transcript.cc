// SPDX-License-Identifier: MIT
#include "testing/qemu/transcript.h"

namespace qemu {

std::string_view Transcript::Add(std::string_view bytes) {
  const size_t start = text_.size();
  for (const char c : bytes) {
    if (c != '\r') text_ += c;
  }
  return Since(start);
}

std::optional<std::string_view> Transcript::NextLine(size_t *position) const {
  const size_t end = text_.find('\n', *position);
  if (end == std::string::npos) return std::nullopt;
  const std::string_view line = Since(*position).substr(0, end - *position);
  *position = end + 1;
  return line;
}

}  // namespace qemu
