// SPDX-License-Identifier: MIT
#include "tools/boot_image/compose.h"

#include <algorithm>
#include <sstream>

namespace boot_image {
namespace {

constexpr char kBlanks[] = " \t\r";

class Composer {
 public:
  Composer(const std::string &path, const std::string &label, const std::vector<std::string> &cells)
      : path_(path), label_(label), cells_(cells) {}

  void Line(const std::string &line, unsigned number) {
    const size_t begin = line.find_first_not_of(kBlanks);
    if (begin == std::string::npos || line[begin] == '#') return;
    const size_t end = std::min(line.find_first_of(kBlanks, begin), line.size());
    const std::string name = line.substr(begin, end - begin);
    const size_t reason = line.find_first_not_of(kBlanks, end);
    if (reason == std::string::npos) {
      Refuse(number, "a reason is wanted behind '" + name + "'");
    } else if (!lines_.emplace(name, number).second) {
      Refuse(number, "'" + name + "' stands in line " + std::to_string(lines_[name]) + " already");
    } else if (std::find(cells_.begin(), cells_.end(), name) == cells_.end()) {
      Refuse(number, "'" + name + "' is not among the cells of " + label_);
    } else {
      image_.cells.push_back(name);
      image_.manifest += name + " " + line.substr(reason) + "\n";
    }
    last_ = number;
  }

  Image Finish() {
    for (const std::string &cell : cells_) {
      if (lines_.contains(cell)) continue;
      Refuse(last_, "'" + cell + "' is among the cells of " + label_ + ", but no line names it");
    }
    return image_;
  }

 private:
  void Refuse(unsigned line, const std::string &reason) {
    image_.errors.push_back(path_ + ":" + std::to_string(line) +
                            ":1: error: image-manifest: " + reason);
  }

  const std::string &path_;
  const std::string &label_;
  const std::vector<std::string> &cells_;
  std::map<std::string, unsigned> lines_;
  unsigned last_ = 1;
  Image image_;
};

}  // namespace

Image Compose(const std::string &path, const std::string &text, const std::string &label,
              const std::vector<std::string> &cells) {
  Composer composer(path, label, cells);
  std::istringstream lines(text);
  std::string line;
  for (unsigned number = 1; std::getline(lines, line); number++) composer.Line(line, number);
  return composer.Finish();
}

}  // namespace boot_image
