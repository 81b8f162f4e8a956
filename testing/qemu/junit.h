// SPDX-License-Identifier: MIT
/// @file
/// Writes a report as JUnit XML.
#pragma once
#include <string>
#include <string_view>

#include "testing/qemu/report.h"
#include "testing/qemu/result.h"

namespace qemu {

/// The XML text: one test case for each check. Bytes that XML cannot carry become '?'.
/// @param suite   name of the test suite
/// @param output  what the machine printed; the last 64 KiB are kept
std::string JunitXml(const Report &report, std::string_view suite, std::string_view output);

/// Writes `text` to a file.
/// @errors  the file cannot be written; the problem names it
Problem WriteFile(const std::string &path, std::string_view text);

}  // namespace qemu
