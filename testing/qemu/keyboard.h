// SPDX-License-Identifier: MIT
/// @file
/// Presses keys no faster than the machine reads them.
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "testing/qemu/keys.h"
#include "testing/qemu/machine.h"
#include "testing/qemu/result.h"

namespace qemu {

/// The emulated keyboard controller holds 16 bytes and drops what comes on top, so at most this
/// many released keys may be unread; the machine acknowledges each that it has read.
inline constexpr uint64_t kKeyWindow = 3;

/// Types on the keyboard of one machine.
class Keyboard {
 public:
  /// @param machine  must live longer
  /// @param patience  how long to wait for an acknowledgement
  Keyboard(Machine *machine, std::chrono::milliseconds patience)
      : machine_(machine), patience_(patience) {}

  /// Makes the strokes and waits until the machine has read them all.
  /// @errors  an acknowledgement that does not come in time, a key that QEMU refuses, the machine's
  ///          end: the problem names the key; later strokes are not made
  Problem Type(const std::vector<Stroke> &strokes);

 private:
  struct Sent {
    std::string name;
    uint64_t acknowledged_at;  // value of keys_acknowledged() once the machine has read it
  };

  Problem WaitUntilUnread(uint64_t limit);
  void Press(const Stroke &stroke);

  Machine *machine_;
  std::chrono::milliseconds patience_;
  uint64_t target_ = 0;  // value of keys_acknowledged() once everything is read
  std::deque<Sent> unread_;
};

}  // namespace qemu
