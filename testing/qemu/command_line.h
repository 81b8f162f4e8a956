// SPDX-License-Identifier: MIT
/// @file
/// The command line of QEMU.
#pragma once
#include <string>
#include <vector>

#include "testing/qemu/options.h"

namespace qemu {

/// The parts that do not follow from the user's flags.
struct Wiring {
  std::string initrd;    // path of the archive that is handed to the machine
  std::string serial;    // back end of -chardev, without its id, e.g. "stdio"
  std::string debugcon;  // likewise; the channel from machine to runner, port 0xe9
  std::string qmp;       // likewise; empty: none
  std::string display = "none";
  std::string channel = "null";  // back end of the virtio console of --channel
  bool ansi = false;             // the machine may send escape sequences
  bool unattended = false;       // nobody answers there
};

/// Builds the arguments, program first.
std::vector<std::string> CommandLine(const Options &options, const Wiring &wiring);

/// Writes arguments as one line that a POSIX shell reads back unchanged.
std::string Quoted(const std::vector<std::string> &arguments);

}  // namespace qemu
