// SPDX-License-Identifier: MIT
/// @file
/// How large each cell may become: a text file with a line `NAME TEXT RODATA` for each, in bytes;
/// the line `default` is for cells without a line of their own. `#` begins a comment.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tools/size/sizes.h"

namespace theseus {

struct Budget {
  uint64_t text_bytes;
  uint64_t rodata_bytes;
};

/// By the name of the object; `default` is one of them.
using Budgets = std::map<std::string, Budget>;

/// @param subject  named in refusals
/// @throws Refusal: a line is malformed or there twice, or `default` is missing
Budgets read_budgets(const std::string &subject, const std::string &text);

/// What does not keep its budget, a sentence each with the cell, its size, its budget and the
/// remedy; and lines of cells that are gone.
std::vector<std::string> check_budgets(const Budgets &budgets, const Sizes &sizes);

/// The text of the file after an update. Lines that hold stay as they are; those that do not get
/// the present size and a quarter (nano_core: an eighth); cells without a line get one; lines of
/// cells that are gone go, and so does no comment.
/// @param text  of the file so far, well formed
std::string update_budgets(const std::string &text, const Sizes &sizes);

}  // namespace theseus
