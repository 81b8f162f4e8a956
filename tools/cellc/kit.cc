// SPDX-License-Identifier: MIT
#include "tools/cellc/kit.h"

#include <sstream>

namespace cellc {
namespace {

void AddCell(const std::string &values, Kit *kit) {
  std::istringstream words(values);
  std::string name;
  ImportableCell cell;
  words >> name >> cell.interface;
  for (std::string header; words >> header;) cell.headers.push_back(header);
  kit->cells[name] = cell;
}

}  // namespace

Kit ParseKit(const std::string &text) {
  Kit kit;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t blank = line.find(' ');
    if (blank == std::string::npos) continue;
    const std::string word = line.substr(0, blank);
    const std::string value = line.substr(blank + 1);
    if (word == "flag") kit.flags.push_back(value);
    if (word == "header") kit.headers.push_back(value);
    if (word == "runtime") kit.runtime.push_back(value);
    if (word == "core") kit.core_interface = value;
    if (word == "cell") AddCell(value, &kit);
  }
  return kit;
}

}  // namespace cellc
