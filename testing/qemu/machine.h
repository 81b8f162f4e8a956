// SPDX-License-Identifier: MIT
/// @file
/// One running QEMU with its three channels: serial line, debug console, monitor.
#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "testing/qemu/channel.h"
#include "testing/qemu/child.h"
#include "testing/qemu/command_line.h"
#include "testing/qemu/monitor.h"
#include "testing/qemu/signals.h"
#include "testing/qemu/verdict.h"

namespace qemu {

using Clock = std::chrono::steady_clock;

/// A machine from power-on to its end. Nothing happens behind the caller's back: channels are
/// served only inside Run().
class Machine {
 public:
  /// @param on_serial  called inside Run() with what the serial line brought
  explicit Machine(std::function<void(std::string_view)> on_serial)
      : on_serial_(std::move(on_serial)) {}

  /// Starts QEMU; the back ends of the channels are filled into `wiring`.
  /// @errors  no process can be made
  Problem Start(const Options &options, Wiring wiring);

  /// Serves the channels until `done()`, the machine's end, or `until`.
  /// @param extra  one more descriptor whose readability is a reason to ask done(); -1: none
  /// @returns what done() says at last
  bool Run(Clock::time_point until, const std::function<bool()> &done, int extra = -1);

  /// How it ended; kRunning until then.
  const Ending &ending() const { return ending_; }
  bool ended() const { return ending_.kind != Ending::Kind::kRunning; }

  /// Ends QEMU at once; output that is under way is still delivered.
  void Stop();

  /// Sends characters to the serial line; the machine takes them at its own pace.
  void SendSerial(std::string_view bytes) { serial_.Send(bytes); }

  /// Presses or releases a key of the emulated keyboard, by its qcode.
  void SendKey(std::string_view key, bool down);

  /// Has QEMU write a picture of the screen, and waits until it is there.
  /// @param format  "png" or "ppm"
  /// @errors  QEMU cannot write the file; the machine is gone
  Problem Screenshot(const std::string &file, std::string_view format);

  /// Moves the mouse, in its own units, right and down.
  void MoveMouse(int right, int down);

  /// Presses or releases a button of the mouse: left, middle, right.
  void SendButton(std::string_view button, bool down);

  /// Sends through the virtio console of --channel; the machine takes it at its own pace.
  void SendChannel(std::string_view bytes) { channel_.Send(bytes); }

  /// Everything that came from there.
  const std::string &channel_output() const { return channel_output_; }

  /// Sends back whatever comes from there from now on.
  void EchoChannel() { echo_ = true; }

  /// Key releases that the machine has acknowledged so far.
  uint64_t keys_acknowledged() const { return keys_acknowledged_; }

  /// Resets that the machine announced and then made. One that it did not announce is its end.
  uint64_t resets() const { return resets_; }

  /// Whether the machine announced that it is about to power off.
  bool announced_power_off() const { return announced_power_off_; }

  /// The last refusal of the monitor; empty: none since the last call.
  std::string TakeMonitorError();

 private:
  void Poll(Clock::time_point until, int extra);
  void Receive();
  void ReceiveMonitor();
  void ReceiveSerial();
  void ReceiveDebugcon();
  void ReceiveChannel();
  void OnReset();
  void OnMonitorEnd();

  std::function<void(std::string_view)> on_serial_;
  StopSignals signals_;
  Channel serial_{Channel::Kind::kPipes};
  Channel debugcon_{Channel::Kind::kSocket};
  Channel qmp_{Channel::Kind::kSocket};
  Channel channel_{Channel::Kind::kSocket};
  std::string channel_output_;
  bool echo_ = false;
  Monitor monitor_;
  Child child_;
  Ending ending_;
  uint64_t keys_acknowledged_ = 0;
  bool shut_down_ = false;  // QEMU says that the machine powered off by itself
  uint64_t resets_ = 0;
  uint64_t announced_resets_ = 0;
  int resets_allowed_ = 0;  // unannounced ones that are still put down to the firmware
  bool announced_power_off_ = false;
  int pictures_ = 0;
  std::string monitor_error_;
};

}  // namespace qemu
