// SPDX-License-Identifier: MIT
/// @file
/// What one sees on the screen of a running machine.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "testing/qemu/machine.h"
#include "testing/qemu/options.h"
#include "testing/qemu/result.h"
#include "testing/qemu/screen/reader.h"
#include "testing/qemu/temporary_folder.h"

namespace qemu {

/// The screen of one machine.
class Screen {
 public:
  /// @param machine  must live longer
  /// @param options  name the fonts
  /// @param folder   where relative paths of pictures start; empty: this process's own
  Screen(Machine *machine, const Options &options, std::string folder)
      : machine_(machine),
        font_file_(options.font),
        text_font_file_(options.text_font),
        folder_(std::move(folder)) {}

  /// Saves a picture: PNG if the name ends so, else PPM.
  /// @errors  QEMU cannot write it, or the machine is gone
  Problem Save(const std::string &path);

  /// The rows of text that can be read on it (screen/reader.h).
  /// @errors  as Save; the fonts are missing
  Result<std::vector<std::string>> Read();

 private:
  Problem LoadFonts();

  Machine *machine_;
  std::string font_file_;
  std::string text_font_file_;
  std::string folder_;
  TemporaryFolder temporary_;
  Fonts fonts_;  // empty until they are needed
};

}  // namespace qemu
