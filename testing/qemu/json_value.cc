// SPDX-License-Identifier: MIT
#include "testing/qemu/json_value.h"

#include <cstdlib>

namespace qemu {
namespace {

constexpr int kDeepest = 100;

// Every function returns whether what it read was right, and stands behind it then.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  bool Whole(JsonValue *value) {
    if (!Value(value, 0)) return false;
    Blanks();
    return text_.empty();
  }

 private:
  void Blanks() {
    const size_t first = text_.find_first_not_of(" \t\r\n");
    text_.remove_prefix(first == std::string_view::npos ? text_.size() : first);
  }

  bool Take(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  bool Value(JsonValue *value, int depth) {
    Blanks();
    if (depth > kDeepest || text_.empty()) return false;
    switch (text_[0]) {
      case '{':
        return Object(value, depth);
      case '[':
        return Array(value, depth);
      case '"':
        value->kind = JsonValue::Kind::kString;
        return String(&value->string);
      default:
        return Literal(value) || Number(value);
    }
  }

  bool Literal(JsonValue *value) {
    if (Take("null")) return true;
    value->boolean = Take("true");
    if (!value->boolean && !Take("false")) return false;
    value->kind = JsonValue::Kind::kBoolean;
    return true;
  }

  size_t Digits(size_t at) const {
    const size_t end = text_.find_first_not_of("0123456789", at);
    return (end == std::string_view::npos ? text_.size() : end) - at;
  }

  bool Number(JsonValue *value) {
    size_t end = text_[0] == '-' ? 1 : 0;
    const size_t whole = Digits(end);
    if (whole == 0 || (whole > 1 && text_[end] == '0')) return false;
    end += whole;
    if (end < text_.size() && text_[end] == '.') {
      const size_t fraction = Digits(end + 1);
      if (fraction == 0) return false;
      end += 1 + fraction;
    }
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      end++;
      if (end < text_.size() && (text_[end] == '+' || text_[end] == '-')) end++;
      if (Digits(end) == 0) return false;
      end += Digits(end);
    }
    value->kind = JsonValue::Kind::kNumber;
    value->number = std::strtod(std::string(text_.substr(0, end)).c_str(), nullptr);
    text_.remove_prefix(end);
    return true;
  }

  bool String(std::string *string) {
    if (!Take("\"")) return false;
    while (!text_.empty()) {
      const char c = text_[0];
      text_.remove_prefix(1);
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        *string += c;
      } else if (!Escape(string)) {
        return false;
      }
    }
    return false;
  }

  bool Escape(std::string *string) {
    static const std::map<char, char> escapes = {{'"', '"'},  {'\\', '\\'}, {'/', '/'},
                                                 {'b', '\b'}, {'f', '\f'},  {'n', '\n'},
                                                 {'r', '\r'}, {'t', '\t'}};
    if (text_.empty()) return false;
    const char c = text_[0];
    text_.remove_prefix(1);
    if (const auto found = escapes.find(c); found != escapes.end()) {
      *string += found->second;
      return true;
    }
    if (c != 'u' || text_.size() < 4) return false;
    const std::string digits(text_.substr(0, 4));
    if (digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return false;
    const unsigned long code = std::strtoul(digits.c_str(), nullptr, 16);
    *string += code < 0x80 ? static_cast<char>(code) : '?';
    text_.remove_prefix(4);
    return true;
  }

  bool Array(JsonValue *value, int depth) {
    value->kind = JsonValue::Kind::kArray;
    Take("[");
    Blanks();
    if (Take("]")) return true;
    do {
      value->array.emplace_back();
      if (!Value(&value->array.back(), depth + 1)) return false;
      Blanks();
    } while (Take(","));
    return Take("]");
  }

  bool Object(JsonValue *value, int depth) {
    value->kind = JsonValue::Kind::kObject;
    Take("{");
    Blanks();
    if (Take("}")) return true;
    do {
      std::string name;
      JsonValue member;
      Blanks();
      if (!String(&name)) return false;
      Blanks();
      if (!Take(":") || !Value(&member, depth + 1)) return false;
      if (!value->object.emplace(std::move(name), std::move(member)).second) return false;
      Blanks();
    } while (Take(","));
    return Take("}");
  }

  std::string_view text_;
};

}  // namespace

std::optional<JsonValue> ParseJson(std::string_view text) {
  JsonValue value;
  if (!Parser(text).Whole(&value)) return std::nullopt;
  return value;
}

}  // namespace qemu
