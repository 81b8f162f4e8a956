// SPDX-License-Identifier: MIT
/// @file
/// From one C file to an object: check, take fingerprints, compile, link, stamp.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "tools/cellc/kit.h"
#include "tools/cellc/options.h"

namespace cellc {

struct Job {
  Options options;
  Kit kit;
  std::filesystem::path source;   // absolute
  std::filesystem::path output;   // absolute
  std::filesystem::path scratch;  // an empty folder, removed by the caller
};

/// Makes the object and, when all went well, puts it in its place.
/// @returns  lines `FILE:LINE:COL: error: RULE: reason`; empty: the object is written
std::vector<std::string> Compile(const Job &job);

}  // namespace cellc
