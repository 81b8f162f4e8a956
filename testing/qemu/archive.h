// SPDX-License-Identifier: MIT
/// @file
/// The archive that the machine boots with: the image's own, or a copy with objects added.
#pragma once
#include <string>

#include "testing/qemu/options.h"
#include "testing/qemu/result.h"
#include "testing/qemu/temporary_folder.h"

namespace qemu {

/// Makes the archive of one run; a copy lives in a temporary folder and goes with the object.
class BootArchive {
 public:
  /// Adds what `options.adds` asks for, by means of the archive tool.
  /// @errors  no temporary folder, or the tool refuses (it has said why on standard error)
  Problem Make(const Options &options);

  /// The archive to boot with, after Make().
  const std::string &path() const { return path_; }

 private:
  std::string path_;
  TemporaryFolder folder_;
};

}  // namespace qemu
