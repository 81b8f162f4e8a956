// SPDX-License-Identifier: MIT
#include "tools/size/sizes.h"

#include <algorithm>

#include "tools/cell_object/files.h"
#include "tools/json/json.h"

namespace theseus {
namespace {

using Words = std::vector<std::string>;

// Lines of columns, the first one to the left, the others to the right.
std::string align(const std::vector<Words> &lines) {
  std::vector<size_t> widths;
  for (const Words &line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (size_t i = 0; i < line.size(); i++) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (const Words &line : lines) {
    for (size_t i = 0; i < line.size(); i++) {
      const std::string blanks(widths[i] - line[i].size(), ' ');
      text += i == 0 ? line[i] + blanks : "  " + blanks + line[i];
    }
    text += "\n";
  }
  return text;
}

Words header() {
  Words words = {"NAME"};
  for (const std::string_view column : kSizeColumnNames) {
    words.emplace_back(column);
    std::transform(words.back().begin(), words.back().end(), words.back().begin(), ::toupper);
  }
  return words;
}

Words line_of(const std::string &name, const SizeRow &row) {
  Words words = {name};
  for (const uint64_t value : row) words.push_back(std::to_string(value));
  return words;
}

SizeRow total(const Sizes &sizes, bool with_core) {
  SizeRow sum = {};
  for (const auto &[name, row] : sizes) {
    if (name == kCore && !with_core) continue;
    for (size_t i = 0; i < sum.size(); i++) sum[i] += row[i];
  }
  return sum;
}

std::string changed(uint64_t before, uint64_t after) {
  if (before == after) return std::to_string(after);
  const std::string difference =
      after > before ? "+" + std::to_string(after - before) : "-" + std::to_string(before - after);
  return std::to_string(after) + "(" + difference + ")";
}

Words line_of(const std::string &name, const SizeRow &before, const SizeRow &after) {
  Words words = {name};
  for (size_t i = 0; i < after.size(); i++) words.push_back(changed(before[i], after[i]));
  return words;
}

}  // namespace

Sizes sizes_of(const ImageFacts &image, const std::string &core_interface) {
  Sizes sizes;
  const auto exports = std::count(core_interface.begin(), core_interface.end(), '\n');
  sizes[kCore] = {image.core.text_bytes, image.core.rodata_bytes, image.core.writable_bytes};
  sizes[kCore][kExports] = static_cast<uint64_t>(exports);
  for (const CellFacts &cell : image.cells) {
    sizes[cell.object] = {cell.text_bytes,     cell.rodata_bytes,   cell.state_bytes(),
                          cell.imports.size(), cell.exports.size(), cell.relocations};
  }
  return sizes;
}

std::string size_table(const Sizes &sizes, SizeColumn column) {
  std::vector<std::pair<std::string, SizeRow>> rows(sizes.begin(), sizes.end());
  std::sort(rows.begin(), rows.end(), [column](const auto &a, const auto &b) {
    return a.second[column] != b.second[column] ? a.second[column] > b.second[column]
                                                : a.first < b.first;
  });
  std::vector<Words> lines = {header()};
  for (const auto &[name, row] : rows) lines.push_back(line_of(name, row));
  lines.push_back(
      line_of("total of " + std::to_string(sizes.size() - sizes.count(kCore)) + " cells",
              total(sizes, false)));
  lines.push_back(line_of("total", total(sizes, true)));
  return align(lines);
}

std::string size_json(const Sizes &sizes) {
  std::string text = "{\"cells\": {";
  const char *separator = "\n";
  for (const auto &[name, row] : sizes) {
    Json columns;
    for (size_t i = 0; i < row.size(); i++) columns[std::string(kSizeColumnNames[i])] = row[i];
    text += separator + json_text(name) + ": " + json_text(columns);
    separator = ",\n";
  }
  return text + "\n}}\n";
}

Sizes read_sizes(const std::string &subject, const std::string &text) {
  const Json value = parse_json(subject, text);
  const Json &cells = json_member(value, "cells");
  if (!cells.is_object()) {
    throw Refusal(subject, "not of this tool", "write it with `//tools/size -- --json`");
  }
  Sizes sizes;
  for (const auto &[name, columns] : cells.items()) {
    SizeRow &row = sizes[name];
    for (size_t i = 0; i < row.size(); i++) {
      const Json &column = json_member(columns, std::string(kSizeColumnNames[i]));
      row[i] = column.is_number_unsigned() ? column.get<uint64_t>() : 0;
    }
  }
  return sizes;
}

std::string size_differences(const Sizes &before, const Sizes &after) {
  std::vector<Words> lines = {header()};
  for (const auto &[name, row] : after) {
    const auto old = before.find(name);
    if (old == before.end()) {
      lines.push_back(line_of("+ " + name, {}, row));
    } else if (old->second != row) {
      lines.push_back(line_of(name, old->second, row));
    }
  }
  for (const auto &[name, row] : before) {
    if (!after.contains(name)) lines.push_back(line_of("- " + name, row, {}));
  }
  if (lines.size() == 1) return "nothing differs\n";
  lines.push_back(line_of("total", total(before, true), total(after, true)));
  return align(lines);
}

}  // namespace theseus
