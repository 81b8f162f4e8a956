// SPDX-License-Identifier: MIT
/// @file
/// What figures are held against.
#pragma once
#include <string>

namespace bench {

struct Target {
  const char *name;
  const char *unit;   // in which alone it counts
  double limit;       // at most
  const char *linux;  // what Linux 6.1 needs for the same; empty: nothing is known
};

/// @returns null: there is none
const Target *FindTarget(const std::string &name, const std::string &unit);

}  // namespace bench
