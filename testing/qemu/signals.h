// SPDX-License-Identifier: MIT
/// @file
/// Signals that ask this process to stop, as a descriptor that a poll loop can read.
#pragma once

namespace qemu {

/// While one of these exists, SIGINT, SIGTERM, SIGHUP and SIGQUIT do not end the process but can be
/// taken, so that the machine is ended and the terminal restored first. SIGPIPE is ignored.
class StopSignals {
 public:
  StopSignals();
  StopSignals(const StopSignals &) = delete;
  StopSignals &operator=(const StopSignals &) = delete;
  ~StopSignals();

  /// Readable when a signal waits.
  int descriptor() const { return descriptor_; }

  /// @returns the number of a signal that came, or 0; never waits
  int Take();

 private:
  int descriptor_;
};

}  // namespace qemu
