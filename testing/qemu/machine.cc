// SPDX-License-Identifier: MIT
#include "testing/qemu/machine.h"

#include <poll.h>

#include <algorithm>
#include <utility>

namespace qemu {
namespace {

// QEMU closes its channels when it exits; a moment later the process is gone.
constexpr auto kExitPatience = std::chrono::seconds(5);

constexpr auto kPicturePatience = std::chrono::seconds(20);

// More than these are a machine that faults again and again before it prints anything.
constexpr int kFirmwareResets = 8;

std::string BackEnd(const Channel &socket) {
  return "socket,fd=" + std::to_string(socket.theirs_in());
}

int Milliseconds(Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  return static_cast<int>(std::clamp<decltype(left)>(left, 0, 60'000));
}

}  // namespace

Problem Machine::Start(const Options &options, Wiring wiring) {
  wiring.serial = "stdio,signal=off";
  wiring.debugcon = BackEnd(debugcon_);
  wiring.qmp = BackEnd(qmp_);
  wiring.channel = BackEnd(channel_);
  Problem problem =
      child_.Start(CommandLine(options, wiring),
                   {.in = serial_.theirs_in(),
                    .out = serial_.theirs_out(),
                    .others = {debugcon_.theirs_in(), qmp_.theirs_in(), channel_.theirs_in()}});
  for (Channel *channel : {&serial_, &debugcon_, &qmp_, &channel_}) channel->CloseTheirs();
  if (problem.empty()) qmp_.Send(Monitor::Greeting());
  return problem;
}

bool Machine::Run(Clock::time_point until, const std::function<bool()> &done, int extra) {
  for (;;) {
    Receive();
    if (done()) return true;
    if (ended() || Clock::now() >= until) return false;
    Poll(until, extra);
  }
}

void Machine::Poll(Clock::time_point until, int extra) {
  pollfd watched[] = {
      {serial_.input(), POLLIN, 0},
      {serial_.output(), POLLOUT, 0},
      {debugcon_.input(), POLLIN, 0},
      {qmp_.input(), POLLIN, 0},
      {qmp_.output(), POLLOUT, 0},
      {channel_.input(), POLLIN, 0},
      {channel_.output(), POLLOUT, 0},
      {signals_.descriptor(), POLLIN, 0},
      {extra, POLLIN, 0},
  };
  poll(watched, std::size(watched), Milliseconds(until));
  for (Channel *channel : {&serial_, &debugcon_, &qmp_, &channel_}) channel->Pump();
}

void Machine::Receive() {
  if (ended()) return;
  if (const int signal = signals_.Take()) {
    Stop();
    ending_ = {Ending::Kind::kInterrupted, signal, ""};
    return;
  }
  // The monitor first: its end tells that the other two are complete.
  ReceiveMonitor();
  ReceiveDebugcon();
  ReceiveSerial();
  ReceiveChannel();
}

void Machine::ReceiveChannel() {
  const std::string bytes = channel_.Receive();
  channel_output_ += bytes;
  if (echo_ && !bytes.empty()) channel_.Send(bytes);
}

void Machine::ReceiveSerial() {
  const std::string bytes = serial_.Receive();
  if (bytes.empty()) return;
  resets_allowed_ = 0;
  on_serial_(bytes);
}

void Machine::ReceiveMonitor() {
  Monitor::News news = monitor_.Receive(qmp_.Receive());
  if (!news.error.empty()) monitor_error_ = std::move(news.error);
  pictures_ += news.pictures;
  shut_down_ = shut_down_ || news.shut_down;
  for (; news.resets > 0 && !ended(); news.resets--) OnReset();
  if (qmp_.ended() && !ended()) OnMonitorEnd();
}

void Machine::ReceiveDebugcon() {
  for (const char byte : debugcon_.Receive()) {
    if (byte == 'K') keys_acknowledged_++;
    if (byte == 'R') announced_resets_++;
    if (byte == 'P') announced_power_off_ = true;
  }
}

// What went into the channels before the reset is there by now. Finding itself started a second
// time, the firmware restores its memory and resets again, in several ways at once; all that comes
// before the machine prints anything.
void Machine::OnReset() {
  ReceiveDebugcon();
  ReceiveSerial();
  if (std::exchange(announced_resets_, 0) > 0) {
    resets_allowed_ = kFirmwareResets;
    resets_++;
  } else if (resets_allowed_ > 0) {
    resets_allowed_--;
  } else {
    Stop();
    ending_ = {Ending::Kind::kDied, 0,
               "the machine was reset though nobody asked for it (a triple fault does that)"};
  }
}

void Machine::OnMonitorEnd() {
  if (const auto status = child_.Wait(kExitPatience)) {
    ending_ = EndingOfQemu(*status, shut_down_);
  } else {
    child_.Kill();
    ending_ = {Ending::Kind::kDied, 0, "QEMU closed its monitor"};
  }
}

void Machine::Stop() {
  child_.Kill();
  ReceiveSerial();
}

void Machine::SendKey(std::string_view key, bool down) { qmp_.Send(Monitor::KeyEvent(key, down)); }

Problem Machine::Screenshot(const std::string &file, std::string_view format) {
  const int before = pictures_;
  if (ended()) return "the machine is gone, and its screen with it";
  monitor_error_.clear();
  qmp_.Send(Monitor::Screenshot(file, format));
  if (!Run(Clock::now() + kPicturePatience, [&] { return pictures_ > before; })) {
    return ended() ? "the machine ended before its screen was seen"
                   : "QEMU writes no picture of the screen";
  }
  const std::string error = TakeMonitorError();
  return error.empty() ? "" : "no picture of the screen: " + error;
}

void Machine::MoveMouse(int right, int down) { qmp_.Send(Monitor::MouseEvent(right, down)); }

void Machine::SendButton(std::string_view button, bool down) {
  qmp_.Send(Monitor::ButtonEvent(button, down));
}

std::string Machine::TakeMonitorError() { return std::exchange(monitor_error_, {}); }

}  // namespace qemu
