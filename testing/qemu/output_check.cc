// SPDX-License-Identifier: MIT
#include "testing/qemu/output_check.h"

#include <algorithm>
#include <regex>

#include "testing/qemu/text.h"

namespace qemu {
namespace {

constexpr size_t kMostLines = 40;

bool AnyLineMatches(std::string_view output, const std::string &pattern) {
  const std::regex regex(pattern, std::regex::ECMAScript);
  const auto lines = Lines(output);
  return std::any_of(lines.begin(), lines.end(), [&](std::string_view line) {
    return std::regex_search(line.begin(), line.end(), regex);
  });
}

std::string Indented(std::string_view output) {
  const auto lines = Lines(output);
  const size_t first = lines.size() > kMostLines ? lines.size() - kMostLines : 0;
  if (lines.empty()) return " nothing";
  std::string text = first > 0 ? "\n    (" + std::to_string(first) + " lines more)" : "";
  for (size_t i = first; i < lines.size(); i++) text += "\n    " + std::string(lines[i]);
  return text;
}

}  // namespace

Problem CheckOutput(const Step &step, std::string_view output) {
  const std::string seen = "; seen since the last command:" + Indented(output);
  switch (step.kind) {
    case Step::Kind::kExpect:
      return Contains(output, step.text) ? "" : "expected '" + step.text + "'" + seen;
    case Step::Kind::kExpectNot:
      return Contains(output, step.text) ? "expected no '" + step.text + "'" + seen : "";
    case Step::Kind::kMatch:
      return AnyLineMatches(output, step.text) ? ""
                                               : "expected a line like /" + step.text + "/" + seen;
    default:
      return "no check";
  }
}

}  // namespace qemu
