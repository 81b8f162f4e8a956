// SPDX-License-Identifier: MIT
#include "testing/qemu/json.h"

#include <cstdio>

namespace qemu {
namespace {

// Reads through one JSON text from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool AtEnd() const { return at_ >= text_.size(); }

  char Peek() {
    while (!AtEnd() && std::string_view(" \t\r\n,:").find(text_[at_]) != std::string_view::npos) {
      at_++;
    }
    return AtEnd() ? '\0' : text_[at_];
  }

  void Skip() { at_++; }

  std::string String() {
    std::string value;
    for (at_++; !AtEnd() && text_[at_] != '"'; at_++) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        value += Unescaped(text_[++at_]);
      } else {
        value += text_[at_];
      }
    }
    if (!AtEnd()) at_++;
    return value;
  }

  // Any value; objects and arrays as they are written.
  std::string Value() {
    const char first = Peek();
    if (first == '"') return String();
    const size_t start = at_;
    if (first == '{' || first == '[') {
      SkipNested();
    } else {
      while (!AtEnd() && std::string_view(",]} \r\n").find(text_[at_]) == std::string_view::npos) {
        at_++;
      }
    }
    return std::string(text_.substr(start, at_ - start));
  }

 private:
  static char Unescaped(char c) {
    switch (c) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      default:
        return c;
    }
  }

  void SkipNested() {
    for (int depth = 0; !AtEnd();) {
      const char c = text_[at_];
      if (c == '"') {
        String();
        continue;
      }
      at_++;
      if (c == '{' || c == '[') depth++;
      if (c == '}' || c == ']') depth--;
      if (depth == 0) return;
    }
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

std::optional<std::string> JsonMember(std::string_view object, std::string_view name) {
  Reader reader(object);
  if (reader.Peek() != '{') return std::nullopt;
  reader.Skip();
  while (reader.Peek() == '"') {
    const std::string key = reader.String();
    std::string value = reader.Value();
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string JsonString(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      json += escape;
    } else {
      json += c;
    }
  }
  return json + "\"";
}

}  // namespace qemu
