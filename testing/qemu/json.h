// SPDX-License-Identifier: MIT
/// @file
/// The little of JSON that talking to QEMU takes.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace qemu {

/// Finds a member of the outermost object.
/// @param object  one JSON object, well formed
/// @returns the member's value: a string without its quotes (escapes undone but for \u), anything
///          else as it is written; nothing if there is no such member
std::optional<std::string> JsonMember(std::string_view object, std::string_view name);

/// Writes a JSON string, with its quotes.
std::string JsonString(std::string_view text);

}  // namespace qemu
