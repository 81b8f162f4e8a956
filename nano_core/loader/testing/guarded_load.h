// SPDX-License-Identifier: MIT
/// @file
/// Loads any bytes as nano_core does, between guard zones, and has the result judged.
#pragma once
#include <string>

namespace theseus::testing {

struct LoadResult {
  bool loaded = false;
  /// Of a refused file, the loader's sentence.
  std::string reason;
  /// What the loader did wrong, whatever the file holds; empty: nothing.
  std::string defect;
};

/// Parses, verifies and places `file`. A refusal must be a typed error with a sentence; what is
/// accepted must be placed as placement_oracle.h says, and no byte beside its two spans may change.
/// A trap in the loader ends the program.
LoadResult load_guarded(const std::string &file);

}  // namespace theseus::testing
