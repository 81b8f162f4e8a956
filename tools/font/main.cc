// SPDX-License-Identifier: MIT
#include <fstream>
#include <iostream>
#include <sstream>

#include "tools/font/glyphs.h"
#include "tools/font/pf2.h"

namespace {

constexpr char kUsage[] =
    "usage: font FONT.pf2 OUTPUT.h RANGE...\n"
    "Writes some characters of a PF2 font, in cells of 8 by 16 pixels, as constants in C.\n"
    "A RANGE is hexadecimal: 20-7e, or fffd.\n";

constexpr int kRefused = 1;
constexpr int kUsageError = 2;

int Refuse(const std::string &file, const std::string &reason) {
  std::cerr << file << ": error: " << reason << "\n";
  return kRefused;
}

}  // namespace

int main(int argc, char **argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  std::vector<font::Range> ranges;
  for (size_t i = 2; i < words.size(); i++) {
    if (!font::ParseRange(words[i], &ranges.emplace_back())) {
      std::cerr << "font: '" << words[i] << "' is no range of code points\n" << kUsage;
      return kUsageError;
    }
  }
  if (ranges.empty()) {
    std::cerr << kUsage;
    return kUsageError;
  }
  std::ifstream file(words[0], std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  if (!file) return Refuse(words[0], "cannot be read");
  const font::Font font = font::Parse(bytes.str());
  if (!font.error.empty()) return Refuse(words[0], font.error);
  const font::Source source = font::WriteSource(font, ranges);
  if (!source.error.empty()) return Refuse(words[0], source.error);
  std::ofstream output(words[1], std::ios::binary);
  output << source.text;
  output.close();
  return output ? 0 : Refuse(words[1], "cannot be written");
}
