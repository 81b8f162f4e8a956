// SPDX-License-Identifier: MIT
#include <fstream>
#include <iostream>
#include <sstream>

#include "tools/boot_image/compose.h"

namespace {

constexpr char kUsage[] = "usage: boot_image LABEL MANIFEST OUTPUT [CELL...]\n";

constexpr int kRefused = 1;
constexpr int kUsageError = 2;

}  // namespace

int main(int argc, char **argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() < 3) {
    std::cerr << kUsage;
    return kUsageError;
  }
  std::ifstream file(words[1]);
  std::stringstream text;
  text << file.rdbuf();
  const boot_image::Image image =
      boot_image::Compose(words[1], text.str(), words[0], {words.begin() + 3, words.end()});
  for (const std::string &error : image.errors) std::cerr << error << "\n";
  if (!image.errors.empty()) return kRefused;
  std::ofstream output(words[2], std::ios::binary);
  output << image.manifest;
  output.close();
  return output ? 0 : kUsageError;
}
