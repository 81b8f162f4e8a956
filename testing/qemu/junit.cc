// SPDX-License-Identifier: MIT
#include "testing/qemu/junit.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace qemu {
namespace {

constexpr size_t kLongestOutput = 64 * 1024;

void AppendEscaped(char c, std::string *xml) {
  switch (c) {
    case '&':
      *xml += "&amp;";
      return;
    case '<':
      *xml += "&lt;";
      return;
    case '>':
      *xml += "&gt;";
      return;
    case '"':
      *xml += "&quot;";
      return;
    case '\t':
      *xml += "&#9;";
      return;
    case '\n':
      *xml += "&#10;";
      return;
    default:
      break;
  }
  const auto code = static_cast<unsigned char>(c);
  *xml += code >= 0x20 && code < 0x7f ? c : '?';
}

std::string Escaped(std::string_view text) {
  std::string xml;
  for (const char c : text) AppendEscaped(c, &xml);
  return xml;
}

std::string Seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return text;
}

std::string Case(const Check &check, std::string_view suite) {
  std::string xml = "    <testcase name=\"" + Escaped(check.name) + "\" classname=\"" +
                    Escaped(suite) + "\" time=\"" + Seconds(check.seconds) + "\"";
  const std::string message = " message=\"" + Escaped(check.problem) + "\"/></testcase>\n";
  switch (check.state) {
    case Check::State::kFailed:
      return xml + "><failure" + message;
    case Check::State::kSkipped:
      return xml + "><skipped" + message;
    case Check::State::kPassed:
      break;
  }
  return xml + "/>\n";
}

}  // namespace

std::string JunitXml(const Report &report, std::string_view suite, std::string_view output) {
  double seconds = 0;
  for (const Check &check : report.checks()) seconds += check.seconds;
  const std::string counts =
      "tests=\"" + std::to_string(report.checks().size()) + "\" failures=\"" +
      std::to_string(report.Count(Check::State::kFailed)) + "\" errors=\"0\" skipped=\"" +
      std::to_string(report.Count(Check::State::kSkipped)) + "\" time=\"" + Seconds(seconds) + "\"";
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " + counts +
                    ">\n  <testsuite name=\"" + Escaped(suite) + "\" " + counts + ">\n";
  for (const Check &check : report.checks()) xml += Case(check, suite);
  if (output.size() > kLongestOutput) output.remove_prefix(output.size() - kLongestOutput);
  return xml + "    <system-out>" + Escaped(output) + "</system-out>\n  </testsuite>\n" +
         "</testsuites>\n";
}

Problem WriteFile(const std::string &path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return {};
  return "cannot write '" + path + "' (" + std::strerror(errno) + ")";
}

}  // namespace qemu
