// SPDX-License-Identifier: MIT
/// @file
/// The sizes of an image: a row for each cell and one for nano_core.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tools/image_facts/image_facts.h"

namespace theseus {

inline constexpr char kCore[] = "nano_core";

/// The columns: bytes of code, of constants, of declared state (for nano_core: of its own writable
/// sections), and numbers of imported functions, exports and relocations.
enum SizeColumn { kText, kRodata, kState, kImports, kExports, kRelocations, kSizeColumns };
inline constexpr std::array<std::string_view, kSizeColumns> kSizeColumnNames = {
    "text", "rodata", "state", "imports", "exports", "relocations"};

using SizeRow = std::array<uint64_t, kSizeColumns>;

/// Rows by the name of the object; kCore is one of them.
using Sizes = std::map<std::string, SizeRow>;

/// @param core_interface  what nano_core publishes, a line for each function; its file does not say
Sizes sizes_of(const ImageFacts &image, const std::string &core_interface);

/// A table with a header and totals, the largest of `column` first, then by name.
std::string size_table(const Sizes &sizes, SizeColumn column);

/// One JSON object, a line for each row:
/// {"cells": {NAME: {"text":N,"rodata":N,...}, ...}}
std::string size_json(const Sizes &sizes);

/// Reads what size_json writes; columns that are missing are 0, others are ignored.
/// @param subject  named in refusals
/// @throws Refusal
Sizes read_sizes(const std::string &subject, const std::string &text);

/// A table of what differs: a row `NAME` for each cell of which a number changed, `+ NAME` for a
/// new one, `- NAME` for one that is gone; each number as `NEW(+DIFFERENCE)`.
std::string size_differences(const Sizes &before, const Sizes &after);

}  // namespace theseus
