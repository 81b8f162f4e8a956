// SPDX-License-Identifier: MIT
/// @file
/// The machine's trace, cut out of what it printed.
#pragma once
#include <string>
#include <string_view>

#include "testing/qemu/result.h"

namespace qemu {

/// Takes what the command `trace json` printed, without the log lines that came in between.
/// @errors  the trace's first or last line is missing
Result<std::string> CutTrace(std::string_view output);

}  // namespace qemu
