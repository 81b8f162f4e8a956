// SPDX-License-Identifier: MIT
/// @file
/// JSON for host tools: whole texts are read into values; strings are written.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace theseus {

/// One value. Of the members only the one that `kind` names means something.
struct Json {
  enum Kind { kNull, kBoolean, kNumber, kString, kArray, kObject };

  Kind kind = kNull;
  bool boolean = false;
  std::string text;  // of a string, its characters as UTF-8; of a number, as it is written
  std::vector<Json> items;
  std::map<std::string, Json> members;

  /// The member `name` of an object, or null.
  const Json *find(const std::string &name) const;
  /// The member `name` of an object; the null value where there is none.
  const Json &at(const std::string &name) const;
  /// A whole number that is not negative; 0 for anything else.
  uint64_t number() const;
};

/// Reads one value, and nothing behind it.
/// @param subject  named in refusals
/// @throws Refusal: malformed, or nested deeper than 100 values
Json parse_json(const std::string &subject, const std::string &text);

/// A JSON string with its quotes.
std::string json_quote(const std::string &text);

}  // namespace theseus
