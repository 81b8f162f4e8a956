// SPDX-License-Identifier: MIT
#include "testing/bench/measurements.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>

#include "testing/bench/targets.h"
#include "testing/qemu/text.h"
#include "tools/json/json.h"

namespace bench {
namespace {

std::optional<double> ParseValue(const std::string &text) {
  double value = 0;
  const char *end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

// Counts exactly, anything else to three decimals.
std::string Number(double value) {
  char text[64];
  std::snprintf(text, sizeof text, value == std::floor(value) ? "%.0f" : "%.3f", value);
  return text;
}

bool AsksFor(const std::string &name, const Measurement &measurement) {
  return measurement.name == name || measurement.name.starts_with(name + ".");
}

std::vector<std::string> Row(const Measurement &measurement) {
  return {measurement.name,          Number(measurement.Median()),
          measurement.unit,          std::to_string(measurement.samples.size()),
          Number(measurement.Min()), Number(measurement.Max())};
}

const Target *TargetOf(const Measurement &measurement) {
  return FindTarget(measurement.name, measurement.unit);
}

// What the figure is held against.
std::vector<std::string> TargetColumns(const Measurement &measurement) {
  const Target *target = TargetOf(measurement);
  if (target == nullptr) return {"-", "-"};
  const bool met = measurement.Median() <= target->limit;
  return {Number(target->limit) + (met ? "" : " missed"),
          *target->linux == 0 ? "-" : target->linux};
}

std::vector<std::vector<std::string>> Rows(const std::vector<Measurement> &measurements) {
  std::vector<std::vector<std::string>> rows = {{"NAME", "VALUE", "UNIT", "N", "MIN", "MAX"}};
  for (const Measurement &one : measurements) rows.push_back(Row(one));
  if (std::none_of(measurements.begin(), measurements.end(), TargetOf)) return rows;
  rows[0].insert(rows[0].end(), {"AT MOST", "LINUX 6.1"});
  for (size_t i = 0; i < measurements.size(); i++) {
    const auto columns = TargetColumns(measurements[i]);
    rows[i + 1].insert(rows[i + 1].end(), columns.begin(), columns.end());
  }
  return rows;
}

}  // namespace

double Measurement::Min() const { return *std::min_element(samples.begin(), samples.end()); }
double Measurement::Max() const { return *std::max_element(samples.begin(), samples.end()); }

double Measurement::Median() const {
  std::vector<double> sorted = samples;
  std::sort(sorted.begin(), sorted.end());
  const size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

void Measurements::Add(const std::string &name, double value, const std::string &unit) {
  for (Measurement &known : all_) {
    if (known.name != name) continue;
    known.samples.push_back(value);
    return;
  }
  all_.push_back({name, unit, {value}});
}

void Measurements::Add(const Measurement &measurement) {
  for (const double sample : measurement.samples) Add(measurement.name, sample, measurement.unit);
}

void Measurements::Read(std::string_view output) {
  for (const std::string_view line : qemu::Lines(output)) {
    std::vector<std::string> words = qemu::Words(qemu::Trim(line));
    if (!words.empty() && words[0] == "bench") words.erase(words.begin());
    if (words.size() != 3 || !qemu::Contains(words[0], ".")) continue;
    if (const auto value = ParseValue(words[1])) Add(words[0], *value, words[2]);
  }
}

std::vector<std::string> Measurements::Select(const std::vector<std::string> &names) {
  std::vector<std::string> unknown;
  std::vector<Measurement> wanted;
  if (names.empty()) return unknown;
  for (const std::string &name : names) {
    const bool known = std::any_of(all_.begin(), all_.end(),
                                   [&](const Measurement &one) { return AsksFor(name, one); });
    if (!known) unknown.push_back(name);
  }
  for (const Measurement &one : all_) {
    const bool asked = std::any_of(names.begin(), names.end(),
                                   [&](const std::string &name) { return AsksFor(name, one); });
    if (asked) wanted.push_back(one);
  }
  if (unknown.empty()) all_ = std::move(wanted);
  return unknown;
}

std::string Table(const std::vector<Measurement> &measurements) {
  const auto rows = Rows(measurements);
  std::vector<size_t> widths(rows[0].size());
  for (const auto &row : rows) {
    for (size_t i = 0; i < row.size(); i++) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string table;
  for (const auto &row : rows) {
    for (size_t i = 0; i < row.size(); i++) {
      const bool last = i + 1 == row.size();
      table += row[i] + (last ? "\n" : std::string(widths[i] - row[i].size() + 2, ' '));
    }
  }
  return table;
}

std::string JsonLines(const std::vector<Measurement> &measurements) {
  std::string lines;
  for (const Measurement &one : measurements) {
    lines += "{\"name\":" + theseus::json_text(one.name) + ",\"value\":" + Number(one.Median()) +
             ",\"unit\":" + theseus::json_text(one.unit) +
             ",\"n\":" + std::to_string(one.samples.size()) + ",\"min\":" + Number(one.Min()) +
             ",\"max\":" + Number(one.Max()) + "}\n";
  }
  return lines;
}

}  // namespace bench
