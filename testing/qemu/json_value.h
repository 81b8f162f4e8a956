// SPDX-License-Identifier: MIT
/// @file
/// A strict reader of JSON (RFC 8259), for tests of what the system writes.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qemu {

/// One value; of the members only those of its kind are meaningful.
struct JsonValue {
  enum class Kind { kNull, kBoolean, kNumber, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  bool boolean = false;
  double number = 0;
  std::string string;  // escapes undone; \u only below 0x80, else '?'
  std::vector<JsonValue> array;
  std::map<std::string, JsonValue> object;

  /// A member of an object; null where there is none.
  const JsonValue *Find(const std::string &name) const {
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &found->second;
  }
};

/// Reads one whole text.
/// @returns nothing where anything is not as the standard wants it, a name of an object that comes
///          twice included, or where values are nested more than 100 deep
std::optional<JsonValue> ParseJson(std::string_view text);

}  // namespace qemu
