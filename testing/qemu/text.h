// SPDX-License-Identifier: MIT
/// @file
/// Small helpers for text: numbers, words, trimming.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qemu {

/// Reads a decimal number.
/// @returns the number, or nothing if `text` has anything but digits or is outside low .. high
std::optional<uint64_t> ParseNumber(std::string_view text, uint64_t low, uint64_t high);

/// Takes blanks, tabs and carriage returns off both ends.
std::string_view Trim(std::string_view text);

/// Splits at blanks and tabs; no word is empty.
std::vector<std::string> Words(std::string_view text);

/// Puts `between` between the words.
std::string Joined(const std::vector<std::string> &words, std::string_view between);

/// Splits at LF; a last line without LF counts, an empty rest does not.
std::vector<std::string_view> Lines(std::string_view text);

/// Whether `text` contains `part`.
inline bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace qemu
