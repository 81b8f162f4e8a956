// SPDX-License-Identifier: MIT
/// @file
/// @expect, @expect-not and @match.
#pragma once
#include <string_view>

#include "testing/qemu/result.h"
#include "testing/qemu/script.h"

namespace qemu {

/// Judges what was printed.
/// @param step    IsCheck() holds
/// @param output  everything since the previous command was sent
/// @returns empty if the check holds, else what was expected and what was seen
Problem CheckOutput(const Step &step, std::string_view output);

}  // namespace qemu
