// SPDX-License-Identifier: MIT
#include "testing/qemu/tap.h"

#include "testing/qemu/text.h"

namespace qemu {
namespace {

std::string_view WithoutSource(std::string_view line) {
  const size_t end = line.find("] ");
  return line.starts_with('[') && end != std::string_view::npos ? line.substr(end + 2) : line;
}

bool TakePrefix(std::string_view *text, std::string_view prefix) {
  if (!text->starts_with(prefix)) return false;
  text->remove_prefix(prefix.size());
  return true;
}

}  // namespace

// `rest` is what follows "ok": nothing, or a blank and the number.
void TapReader::ReadResult(std::string_view rest, bool ok, Report *report) {
  if (!rest.empty() && rest[0] != ' ') return;
  seen_++;
  const std::string name = "tap " + std::string(Trim(rest));
  const bool skipped = Contains(rest, "# SKIP") || Contains(rest, "# skip");
  const bool expected = Contains(rest, "# TODO") || Contains(rest, "# todo");
  if (skipped || (!ok && expected)) {
    report->Add({name, Check::State::kSkipped, "so marked by the test", 0});
  } else if (ok) {
    report->Add({name, Check::State::kPassed, "", 0});
  } else {
    report->Add(
        {name, Check::State::kFailed, "the machine printed: not ok" + std::string(rest), 0});
  }
}

void TapReader::Read(std::string_view line, Report *report) {
  std::string_view rest = WithoutSource(line);
  if (TakePrefix(&rest, "not ok")) return ReadResult(rest, false, report);
  if (TakePrefix(&rest, "ok")) return ReadResult(rest, true, report);
  if (TakePrefix(&rest, "Bail out!")) {
    report->Add({"tap", Check::State::kFailed, "the machine printed: " + std::string(line), 0});
    return;
  }
  if (!TakePrefix(&rest, "1..")) return;
  planned_ += ParseNumber(rest.substr(0, rest.find(' ')), 0, 1'000'000).value_or(0);
}

void TapReader::Finish(Report *report) const {
  if (seen_ > 0 && seen_ == planned_) return;
  report->Add({"tap plan", Check::State::kFailed,
               "the machine planned " + std::to_string(planned_) +
                   " TAP results (lines 1..N) and " + "printed " + std::to_string(seen_),
               0});
}

}  // namespace qemu
