// SPDX-License-Identifier: MIT
/// @file
/// Everything that the machine has printed, with LF as the only line end.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace qemu {

/// Readers keep positions in it: a position is a number of characters from the start, and stays
/// good however much is added.
class Transcript {
 public:
  /// Adds what came over the wire.
  /// @returns the part that was added, without carriage returns; good until the next call
  std::string_view Add(std::string_view bytes);

  /// The position behind the last character.
  size_t end() const { return text_.size(); }

  /// All text from a position on; good until the next Add().
  std::string_view Since(size_t position) const { return std::string_view(text_).substr(position); }

  /// The next whole line at or behind `*position`, without its LF; moves `*position` behind it.
  /// @returns nothing, and leaves the position, when no LF has come yet
  std::optional<std::string_view> NextLine(size_t *position) const;

 private:
  std::string text_;
};

}  // namespace qemu
