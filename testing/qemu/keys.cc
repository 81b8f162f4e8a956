// SPDX-License-Identifier: MIT
#include "testing/qemu/keys.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace qemu {
namespace {

const std::map<char, std::string_view> kPlain = {
    {'\n', "ret"},      {'\t', "tab"},         {' ', "spc"},           {'-', "minus"},
    {'=', "equal"},     {'[', "bracket_left"}, {']', "bracket_right"}, {'\\', "backslash"},
    {';', "semicolon"}, {'\'', "apostrophe"},  {'`', "grave_accent"},  {',', "comma"},
    {'.', "dot"},       {'/', "slash"},
};

// What a key gives with shift, and what the same key gives without.
constexpr std::string_view kShifted = "!@#$%^&*()_+{}|:\"~<>?";
constexpr std::string_view kUnshifted = "1234567890-=[]\\;'`,./";
static_assert(kShifted.size() == kUnshifted.size());

const std::set<std::string_view> kNamed = {
    "alt",
    "alt_r",
    "apostrophe",
    "backslash",
    "backspace",
    "bracket_left",
    "bracket_right",
    "caps_lock",
    "comma",
    "ctrl",
    "ctrl_r",
    "delete",
    "dot",
    "down",
    "end",
    "equal",
    "esc",
    "f1",
    "f2",
    "f3",
    "f4",
    "f5",
    "f6",
    "f7",
    "f8",
    "f9",
    "f10",
    "f11",
    "f12",
    "grave_accent",
    "home",
    "insert",
    "kp_0",
    "kp_1",
    "kp_2",
    "kp_3",
    "kp_4",
    "kp_5",
    "kp_6",
    "kp_7",
    "kp_8",
    "kp_9",
    "kp_add",
    "kp_decimal",
    "kp_divide",
    "kp_enter",
    "kp_multiply",
    "kp_subtract",
    "left",
    "less",
    "menu",
    "meta_l",
    "meta_r",
    "minus",
    "num_lock",
    "pause",
    "pgdn",
    "pgup",
    "print",
    "ret",
    "right",
    "scroll_lock",
    "semicolon",
    "shift",
    "shift_r",
    "slash",
    "spc",
    "sysrq",
    "tab",
    "up",
};

const std::map<std::string_view, std::string_view> kAliases = {
    {"control", "ctrl"}, {"del", "delete"}, {"enter", "ret"},
    {"escape", "esc"},   {"ins", "insert"}, {"pagedown", "pgdn"},
    {"pageup", "pgup"},  {"return", "ret"}, {"space", "spc"},
};

bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// The key of one part of a combination; empty if there is none.
std::string KeyOfPart(std::string_view part) {
  if (part.size() == 1 && IsLetterOrDigit(part[0])) return std::string(part);
  if (const auto alias = kAliases.find(part); alias != kAliases.end()) {
    return std::string(alias->second);
  }
  return kNamed.contains(part) ? std::string(part) : "";
}

}  // namespace

Result<Stroke> StrokeOfCharacter(char character) {
  if (IsLetterOrDigit(character)) return Result<Stroke>::Good({std::string(1, character)});
  if (const auto key = kPlain.find(character); key != kPlain.end()) {
    return Result<Stroke>::Good({std::string(key->second)});
  }
  if (character >= 'A' && character <= 'Z') {
    return Result<Stroke>::Good({"shift", std::string(1, static_cast<char>(character + 32))});
  }
  const size_t at = kShifted.find(character);
  if (character == '\0' || at == std::string_view::npos) {
    return Result<Stroke>::Bad("no key of a US keyboard types the character with code " +
                               std::to_string(static_cast<unsigned char>(character)) +
                               "; use printable ASCII, or @key for other keys");
  }
  Stroke stroke = StrokeOfCharacter(kUnshifted[at]).value;
  stroke.insert(stroke.begin(), "shift");
  return Result<Stroke>::Good(std::move(stroke));
}

Result<Stroke> StrokeOfName(std::string_view name) {
  Stroke stroke;
  for (std::string_view rest = name;;) {
    const size_t dash = rest.find('-');
    std::string key = KeyOfPart(rest.substr(0, dash));
    if (key.empty()) {
      return Result<Stroke>::Bad("there is no key '" + std::string(name) +
                                 "'; names are those of QEMU, such as a, 1, ret, esc, f1, ctrl-c");
    }
    stroke.push_back(std::move(key));
    if (dash == std::string_view::npos) return Result<Stroke>::Good(std::move(stroke));
    rest.remove_prefix(dash + 1);
  }
}

}  // namespace qemu
