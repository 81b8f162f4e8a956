// SPDX-License-Identifier: MIT
/// @file
/// Single boxes and lines of words, measured; their places are given later.
#pragma once
#include <string>

#include "tools/graph/picture.h"

namespace theseus {

inline constexpr int kPadding = 8;
inline constexpr int kPortGap = 22;  // between the wires that leave or reach a box

/// Words whose room begins at a point. All fonts have characters of one width.
Words words_at(int x, int y, const std::string &text, Words::Style style);

/// The box of a slot, at 0, 0.
/// @param ports        how many wires need room at its lower or upper side
/// @param is_imported  whether any cell imports it
Box slot_box(const std::string &name, const Slot &slot, size_t ports, bool is_imported);

/// A box that holds lines of words, at 0, 0, at least `width` wide.
Box text_box(const std::string &name, const std::vector<Words> &lines, const std::string &classes,
             int width);

/// Moves a box with all that is in it.
void move_to(Box &box, int x, int y);

/// Text in lines of at most `characters`, broken at blanks.
std::vector<std::string> broken(const std::string &text, size_t characters);

/// "17 B", "4 KiB"
std::string bytes_text(uint64_t bytes);

}  // namespace theseus
