// SPDX-License-Identifier: MIT
/// @file
/// A folder for one run.
#pragma once
#include <string>

#include "testing/qemu/result.h"

namespace qemu {

/// Goes, with all that is in it, with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() = default;
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;
  ~TemporaryFolder();

  /// Makes it, if that was not done yet.
  /// @errors  nothing can be written there
  Problem Make();

  /// Its path, after Make().
  const std::string &path() const { return path_; }

 private:
  std::string path_;  // empty: none was made
};

}  // namespace qemu
