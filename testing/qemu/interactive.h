// SPDX-License-Identifier: MIT
/// @file
/// A person at the terminal.
#pragma once
#include <string>

#include "testing/qemu/options.h"

namespace qemu {

/// Finds Ctrl-A x in what is typed.
class EscapeFilter {
 public:
  /// @param bytes  typed; changed to what the machine shall get: without escapes, Ctrl-A for
  ///               Ctrl-A Ctrl-A
  /// @returns whether Ctrl-A x was among them; what follows it is dropped
  bool Filter(std::string *bytes);

 private:
  bool escaped_ = false;  // the last key was Ctrl-A
};

/// Connects the terminal and a new machine until the machine ends or the user leaves by Ctrl-A x.
/// Input that is no terminal is held back until the shell is ready, and `poweroff 0` follows its
/// end.
/// @param initrd   path of the archive to boot with
/// @param display  for -display
/// @returns the runner's exit status
int RunInteractive(const Options &options, const std::string &initrd, const std::string &display);

}  // namespace qemu
