// SPDX-License-Identifier: MIT
#include "tools/font/pf2.h"

#include <cstdio>

namespace font {
namespace {

constexpr size_t kSectionHead = 8;
constexpr size_t kIndexEntry = 9;
constexpr size_t kCharacterHead = 10;
constexpr unsigned kLargestSide = 255;  // pixels

// Where a character's bitmap is said to be.
struct Entry {
  uint32_t code_point = 0;
  unsigned storage = 0;
  uint32_t offset = 0;
};

std::string Hex(uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

class Reader {
 public:
  explicit Reader(const std::string &bytes) : bytes_(bytes) {}

  Font Read() {
    size_t at = 0;
    while (font_.error.empty() && !data_ && at < bytes_.size()) at = Section(at);
    if (font_.error.empty()) Finish();
    if (!font_.error.empty()) font_.characters.clear();
    return std::move(font_);
  }

 private:
  bool Fits(size_t at, size_t length) const {
    return at <= bytes_.size() && length <= bytes_.size() - at;
  }

  // A number of `length` bytes, which are there.
  uint32_t Number(size_t at, size_t length) const {
    uint32_t value = 0;
    for (size_t i = 0; i < length; i++) value = value << 8 | static_cast<uint8_t>(bytes_[at + i]);
    return value;
  }

  int Signed(size_t at) const { return static_cast<int16_t>(Number(at, 2)); }

  void Refuse(const std::string &reason) {
    if (font_.error.empty()) font_.error = reason;
  }

  // Reads the section at `at`; returns where the next one begins.
  size_t Section(size_t at) {
    if (!Fits(at, kSectionHead)) {
      Refuse("the file ends in the head of a section at " + Hex(at));
      return at;
    }
    const std::string name = bytes_.substr(at, 4);
    const size_t length = Number(at + 4, 4);
    const size_t start = at + kSectionHead;
    if (at == 0 && name != "FILE") Refuse("not a PF2 font: no section FILE at its start");
    if (name == "DATA") {
      data_ = true;  // its length is written as all ones: it goes on to the end
    } else if (!Fits(start, length)) {
      Refuse("section " + name + " of " + std::to_string(length) + " bytes ends behind the file");
    } else {
      Contents(name, start, length);
    }
    return start + length;
  }

  void Contents(const std::string &name, size_t at, size_t length) {
    if (name == "FILE") {
      if (bytes_.compare(at, length, "PFF2") != 0) Refuse("not a PF2 font: FILE is not PFF2");
    } else if (name == "NAME") {
      font_.name = bytes_.substr(at, length).c_str();
    } else if (name == "ASCE") {
      font_.ascent = Metric(name, at, length);
    } else if (name == "DESC") {
      font_.descent = Metric(name, at, length);
    } else if (name == "CHIX") {
      Index(at, length);
    }
  }

  int Metric(const std::string &name, size_t at, size_t length) {
    if (length != 2) {
      Refuse("section " + name + " has " + std::to_string(length) + " bytes, not 2");
      return 0;
    }
    return static_cast<int>(Number(at, 2));
  }

  void Index(size_t at, size_t length) {
    if (length % kIndexEntry != 0) {
      Refuse("section CHIX has " + std::to_string(length) + " bytes, not a multiple of 9");
    }
    index_ = at;
    entries_ = length / kIndexEntry;
  }

  void Finish() {
    if (!data_) Refuse("there is no section DATA");
    if (entries_ == 0) Refuse("no character is listed in a section CHIX");
    for (size_t i = 0; i < entries_ && font_.error.empty(); i++) {
      const size_t at = index_ + i * kIndexEntry;
      One({Number(at, 4), Number(at + 4, 1), Number(at + 5, 4)});
    }
  }

  void One(const Entry &entry) {
    const std::string name = "character " + Hex(entry.code_point);
    if (entry.storage != 0) Refuse(name + " is compressed (" + Hex(entry.storage) + ")");
    if (!Fits(entry.offset, kCharacterHead)) Refuse(name + " lies behind the file");
    if (!font_.error.empty()) return;
    Character character;
    character.width = Number(entry.offset, 2);
    character.height = Number(entry.offset + 2, 2);
    character.left = Signed(entry.offset + 4);
    character.bottom = Signed(entry.offset + 6);
    character.advance = Signed(entry.offset + 8);
    if (character.width > kLargestSide || character.height > kLargestSide) {
      Refuse(name + " is " + std::to_string(character.width) + " by " +
             std::to_string(character.height) + " pixels");
      return;
    }
    const size_t bytes = (size_t{character.width} * character.height + 7) / 8;
    if (!Fits(entry.offset + kCharacterHead, bytes)) {
      Refuse("the bitmap of " + name + " ends behind the file");
      return;
    }
    character.bits = bytes_.substr(entry.offset + kCharacterHead, bytes);
    if (!font_.characters.emplace(entry.code_point, character).second) {
      Refuse(name + " is listed twice");
    }
  }

  const std::string &bytes_;
  Font font_;
  bool data_ = false;
  size_t index_ = 0;
  size_t entries_ = 0;
};

}  // namespace

bool Character::Pixel(unsigned row, unsigned column) const {
  if (row >= height || column >= width) return false;
  const size_t bit = size_t{row} * width + column;
  return (static_cast<uint8_t>(bits[bit / 8]) >> (7 - bit % 8) & 1) != 0;
}

Font Parse(const std::string &bytes) { return Reader(bytes).Read(); }

}  // namespace font
