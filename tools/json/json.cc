// SPDX-License-Identifier: MIT
#include "tools/json/json.h"

#include <cctype>
#include <charconv>
#include <cstdio>

#include "tools/cell_object/files.h"

namespace theseus {
namespace {

constexpr int kDepth = 100;

void append_utf8(std::string &text, uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
    return;
  }
  if (code < 0x800) {
    text += static_cast<char>(0xc0 | code >> 6);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xe0 | code >> 12);
    text += static_cast<char>(0x80 | (code >> 6 & 0x3f));
  } else {
    text += static_cast<char>(0xf0 | code >> 18);
    text += static_cast<char>(0x80 | (code >> 12 & 0x3f));
    text += static_cast<char>(0x80 | (code >> 6 & 0x3f));
  }
  text += static_cast<char>(0x80 | (code & 0x3f));
}

class Reader {
 public:
  Reader(const std::string &subject, const std::string &text) : subject_(subject), text_(text) {}

  Json whole() {
    Json value = read(0);
    skip_blanks();
    if (at_ != text_.size()) refuse("something follows the value");
    return value;
  }

 private:
  [[noreturn]] void refuse(const std::string &reason) const {
    throw Refusal(subject_, "malformed JSON", "at byte " + std::to_string(at_) + ": " + reason);
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_blanks() {
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[at_]) != std::string::npos) {
      at_++;
    }
  }

  bool take(char wanted) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    at_++;
    return true;
  }

  void expect(char wanted) {
    if (!take(wanted)) refuse(std::string("a `") + wanted + "` is wanted");
  }

  Json read(int depth) {
    if (depth > kDepth) refuse("it is nested too deeply");
    skip_blanks();
    Json value;
    if (peek() == '{') {
      read_object(value, depth);
    } else if (peek() == '[') {
      read_array(value, depth);
    } else if (peek() == '"') {
      value.kind = Json::kString;
      value.text = read_string();
    } else {
      read_word(value);
    }
    return value;
  }

  void read_object(Json &value, int depth) {
    value.kind = Json::kObject;
    expect('{');
    if (take('}')) return;
    do {
      skip_blanks();
      const std::string name = read_string();
      expect(':');
      if (!value.members.emplace(name, read(depth + 1)).second) refuse(name + " is there twice");
    } while (take(','));
    expect('}');
  }

  void read_array(Json &value, int depth) {
    value.kind = Json::kArray;
    expect('[');
    if (take(']')) return;
    do {
      value.items.push_back(read(depth + 1));
    } while (take(','));
    expect(']');
  }

  std::string read_string() {
    if (peek() != '"') refuse("a string is wanted");
    std::string value;
    for (at_++; peek() != '"'; at_++) {
      if (at_ >= text_.size()) refuse("a string does not end");
      if (static_cast<unsigned char>(text_[at_]) < 0x20) refuse("a control character in a string");
      if (text_[at_] == '\\') {
        at_++;
        read_escape(value);
      } else {
        value += text_[at_];
      }
    }
    at_++;
    return value;
  }

  void read_escape(std::string &value) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const size_t known = kLetters.find(peek());
    if (peek() != '\0' && known != std::string_view::npos) {
      value += kMeanings[known];
    } else if (peek() == 'u') {
      append_utf8(value, read_code());
    } else {
      refuse("an unknown escape");
    }
  }

  // Four hexadecimal digits behind a `u`, or two such groups that are one character.
  uint32_t read_code() {
    const uint32_t high = read_group();
    const bool is_pair = high >= 0xd800 && high < 0xdc00 && text_.compare(at_ + 1, 2, "\\u") == 0;
    if (!is_pair) return high;
    at_ += 2;
    return 0x10000 + ((high - 0xd800) << 10) + (read_group() & 0x3ff);
  }

  uint32_t read_group() {
    if (text_.size() - at_ < 5) refuse("an escape does not end");
    uint32_t code = 0;
    const char *const first = text_.data() + at_ + 1;
    const auto [end, error] = std::from_chars(first, first + 4, code, 16);
    if (error != std::errc() || end != first + 4) refuse("four hexadecimal digits are wanted");
    at_ += 4;
    return code;
  }

  void read_word(Json &value) {
    const size_t start = at_;
    while (std::isalnum(static_cast<unsigned char>(peek())) != 0 ||
           (peek() != '\0' && std::string_view("+-.").find(peek()) != std::string_view::npos)) {
      at_++;
    }
    value.text = text_.substr(start, at_ - start);
    if (value.text == "true" || value.text == "false") {
      value.kind = Json::kBoolean;
      value.boolean = value.text == "true";
    } else if (value.text != "null") {
      value.kind = Json::kNumber;
      double number = 0;
      const char *const end = value.text.data() + value.text.size();
      const auto result = std::from_chars(value.text.data(), end, number);
      if (result.ec != std::errc() || result.ptr != end) refuse("a value is wanted");
    }
  }

  const std::string &subject_;
  const std::string &text_;
  size_t at_ = 0;
};

}  // namespace

const Json *Json::find(const std::string &name) const {
  const auto found = members.find(name);
  return found == members.end() ? nullptr : &found->second;
}

const Json &Json::at(const std::string &name) const {
  static const Json kNothing;
  const Json *const found = find(name);
  return found == nullptr ? kNothing : *found;
}

uint64_t Json::number() const {
  uint64_t value = 0;
  const char *const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return kind == kNumber && result.ec == std::errc() && result.ptr == end ? value : 0;
}

Json parse_json(const std::string &subject, const std::string &text) {
  return Reader(subject, text).whole();
}

std::string json_quote(const std::string &text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(c));
      quoted += escape;
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

}  // namespace theseus
