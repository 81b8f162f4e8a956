// SPDX-License-Identifier: MIT
/// @file
/// The user's terminal, key by key.
#pragma once

namespace qemu {

/// While one of these exists, standard input gives each key as it is pressed, unechoed, Ctrl-C
/// included. The terminal is restored when the object goes, at exit(), and when the process
/// crashes. Does nothing if standard input is no terminal. At most one at a time.
class RawTerminal {
 public:
  RawTerminal();
  RawTerminal(const RawTerminal &) = delete;
  RawTerminal &operator=(const RawTerminal &) = delete;
  ~RawTerminal();
};

}  // namespace qemu
