// SPDX-License-Identifier: MIT
/// @file
/// JSON for host programs: the library's values, read with refusals and written in one line.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace theseus {

/// One value; the members of an object keep their order.
using Json = nlohmann::ordered_json;

/// Reads one value, and nothing behind it.
/// @param subject  named in refusals
/// @throws Refusal: malformed, nested deeper than 100 values, or a name is twice in an object
Json parse_json(const std::string &subject, const std::string &text);

/// The member `name` of an object; null where there is none, or where `value` is no object.
const Json &json_member(const Json &value, const std::string &name);

/// The characters of a string; empty where `value` is none.
std::string json_string(const Json &value);

/// The value in one line. Bytes that are not UTF-8 become U+FFFD: JSON knows no others.
std::string json_text(const Json &value);

}  // namespace theseus
