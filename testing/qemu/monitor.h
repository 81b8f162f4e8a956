// SPDX-License-Identifier: MIT
/// @file
/// QEMU's control channel, QMP.
#pragma once
#include <string>
#include <string_view>

namespace qemu {

/// What QEMU says, one JSON object a line, as far as the runner cares.
class Monitor {
 public:
  /// What the runner must learn from one batch of lines.
  struct News {
    int resets = 0;
    int pictures = 0;        // that are written, or refused
    bool shut_down = false;  // the machine itself, not the user or the system
    std::string error;       // of the last command that failed; empty: none
  };

  /// The line that must be sent before anything else.
  static std::string Greeting();

  /// The line that presses (or releases) one key, by its qcode.
  static std::string KeyEvent(std::string_view key, bool down);

  /// The line that has a picture of the screen written.
  /// @param format  "png" or "ppm"
  static std::string Screenshot(std::string_view file, std::string_view format);

  /// The line that moves the mouse, and the one that presses or releases a button.
  static std::string MouseEvent(int right, int down);
  static std::string ButtonEvent(std::string_view button, bool down);

  /// Takes in what came over the channel, in pieces of any size.
  News Receive(std::string_view bytes);

 private:
  std::string rest_;  // of a line whose end has not come
};

}  // namespace qemu
