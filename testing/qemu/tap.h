// SPDX-License-Identifier: MIT
/// @file
/// Reads TAP, the Test Anything Protocol, out of what the machine prints.
#pragma once
#include <optional>
#include <string_view>

#include "testing/qemu/report.h"

namespace qemu {

/// Understands `1..N`, `ok N - TEXT`, `not ok N - TEXT`, `# SKIP`, `# TODO` and `Bail out!`; other
/// lines are no TAP. A line may come through the log, with `[SOURCE] ` before it. Several plans
/// may follow each other; their numbers add up.
class TapReader {
 public:
  /// Takes one line; what it checks goes to the report.
  void Read(std::string_view line, Report *report);

  /// At the end: adds a failed check if the results do not fill the plan, or if there are none.
  void Finish(Report *report) const;

 private:
  void ReadResult(std::string_view rest, bool ok, Report *report);

  size_t planned_ = 0;
  size_t seen_ = 0;
};

}  // namespace qemu
