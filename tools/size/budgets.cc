// SPDX-License-Identifier: MIT
#include "tools/size/budgets.h"

#include <charconv>
#include <sstream>

#include "tools/cell_object/files.h"

namespace theseus {
namespace {

constexpr char kDefault[] = "default";
constexpr char kFile[] = "tools/size/budgets.txt";
constexpr char kUpdate[] = "tools/bazel run //tools/size -- --update-budgets";

bool read_number(const std::string &word, uint64_t &number) {
  const char *const end = word.data() + word.size();
  const auto result = std::from_chars(word.data(), end, number);
  return result.ec == std::errc() && result.ptr == end;
}

std::vector<std::string> words_of(const std::string &line) {
  std::istringstream stream(line.substr(0, line.find('#')));
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string folder_of(const std::string &name) {
  return name == kCore ? std::string(kCore) : "cells/" + name;
}

bool holds(const Budget &budget, const SizeRow &row) {
  return row[kText] <= budget.text_bytes && row[kRodata] <= budget.rodata_bytes;
}

uint64_t with_headroom(uint64_t bytes, uint64_t divisor, uint64_t unit) {
  return (bytes + bytes / divisor + unit) / unit * unit;
}

std::string line_for(const std::string &name, const SizeRow &row) {
  const bool is_core = name == kCore;
  const uint64_t divisor = is_core ? 8 : 4;
  const uint64_t unit = is_core ? 4096 : 256;
  return name + " " + std::to_string(with_headroom(row[kText], divisor, unit)) + " " +
         std::to_string(with_headroom(row[kRodata], divisor, unit)) + "\n";
}

void add_excess(std::vector<std::string> &found, const std::string &name, const std::string &what,
                uint64_t bytes, uint64_t budget, bool is_own) {
  if (bytes <= budget) return;
  found.push_back(folder_of(name) + ": " + std::to_string(bytes) + " bytes of " + what +
                  ", but its budget is " + std::to_string(budget) +
                  (is_own ? "" : ", that of a cell without a line of its own") +
                  ": make it smaller, or say in the commit why it grew and type `" + kUpdate + "`");
}

}  // namespace

Budgets read_budgets(const std::string &subject, const std::string &text) {
  Budgets budgets;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> words = words_of(line);
    if (words.empty()) continue;
    Budget budget = {};
    const bool is_right = words.size() == 3 && read_number(words[1], budget.text_bytes) &&
                          read_number(words[2], budget.rodata_bytes) &&
                          budgets.emplace(words[0], budget).second;
    if (!is_right) {
      throw Refusal(subject, "line `" + line + "`",
                    "it is malformed or there twice: `NAME TEXT_BYTES RODATA_BYTES` is wanted");
    }
  }
  if (!budgets.contains(kDefault)) {
    throw Refusal(subject, "default is missing", "add a line `default TEXT_BYTES RODATA_BYTES`");
  }
  return budgets;
}

std::vector<std::string> check_budgets(const Budgets &budgets, const Sizes &sizes) {
  std::vector<std::string> found;
  for (const auto &[name, row] : sizes) {
    const auto own = budgets.find(name);
    const bool is_own = own != budgets.end();
    const Budget &budget = is_own ? own->second : budgets.at(kDefault);
    add_excess(found, name, "text", row[kText], budget.text_bytes, is_own);
    add_excess(found, name, "constants", row[kRodata], budget.rodata_bytes, is_own);
  }
  for (const auto &[name, unused] : budgets) {
    if (name == kDefault || sizes.contains(name)) continue;
    found.push_back(name + " has a budget, but is not in the image: take its line out of " + kFile +
                    ", or type `" + kUpdate + "`");
  }
  return found;
}

std::string update_budgets(const std::string &text, const Sizes &sizes) {
  const Budgets budgets = read_budgets(kFile, text);
  std::string head;
  std::map<std::string, std::string> kept;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> words = words_of(line);
    if (words.empty() || words[0] == kDefault) {
      head += line + "\n";
    } else {
      kept[words[0]] = line + "\n";
    }
  }
  for (const auto &[name, row] : sizes) {
    const auto own = budgets.find(name);
    const bool is_kept = own != budgets.end() && holds(own->second, row);
    head += is_kept ? kept[name] : line_for(name, row);
  }
  return head;
}

}  // namespace theseus
