// SPDX-License-Identifier: MIT
/// @file
/// Collects what benchmarks print, and prints what comes of it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// What is known of one benchmark.
struct Measurement {
  std::string name;
  std::string unit;
  std::vector<double> samples;  // never empty

  double Min() const;
  double Median() const;
  double Max() const;
};

/// All of them, in the order in which they first came.
class Measurements {
 public:
  /// Takes the lines `[bench ]NAME VALUE UNIT` out of a program's output; NAME has a dot in it.
  /// Other lines are no measurements.
  void Read(std::string_view output);

  /// Keeps only those that `names` ask for; an empty list asks for all. A name stands for itself
  /// and for the group of those that begin with it and a dot.
  /// @returns the names that ask for nothing that is there
  std::vector<std::string> Select(const std::vector<std::string> &names);

  /// Adds the samples of one benchmark to those that are there.
  void Add(const Measurement &measurement);

  const std::vector<Measurement> &all() const { return all_; }

 private:
  void Add(const std::string &name, double value, const std::string &unit);

  std::vector<Measurement> all_;
};

/// A table with a header row; columns are separated by blanks. Where a figure has a target, there
/// are columns for what it is held against.
std::string Table(const std::vector<Measurement> &measurements);

/// One JSON object a line; "value" is the median.
std::string JsonLines(const std::vector<Measurement> &measurements);

}  // namespace bench
