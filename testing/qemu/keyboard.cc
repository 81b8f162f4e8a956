// SPDX-License-Identifier: MIT
#include "testing/qemu/keyboard.h"

namespace qemu {
namespace {

std::string NameOf(const Stroke &stroke) {
  std::string name;
  for (const std::string &key : stroke) name += (name.empty() ? "" : "-") + key;
  return name;
}

}  // namespace

void Keyboard::Press(const Stroke &stroke) {
  for (const std::string &key : stroke) machine_->SendKey(key, true);
  for (auto key = stroke.rbegin(); key != stroke.rend(); ++key) machine_->SendKey(*key, false);
  target_ += stroke.size();
  unread_.push_back({NameOf(stroke), target_});
}

Problem Keyboard::WaitUntilUnread(uint64_t limit) {
  while (target_ - machine_->keys_acknowledged() > limit) {
    const uint64_t seen = machine_->keys_acknowledged();
    const bool moved = machine_->Run(Clock::now() + patience_,
                                     [&] { return machine_->keys_acknowledged() > seen; });
    while (!unread_.empty() && unread_.front().acknowledged_at <= machine_->keys_acknowledged()) {
      unread_.pop_front();
    }
    if (machine_->ended()) return "the machine ended while it was typed on";
    if (const std::string error = machine_->TakeMonitorError(); !error.empty()) {
      return "QEMU refuses the key: " + error;
    }
    if (moved) continue;
    return "the machine did not acknowledge key '" + unread_.front().name + "' within " +
           std::to_string(std::chrono::duration_cast<std::chrono::seconds>(patience_).count()) +
           " s; is a keyboard driver at work?";
  }
  return {};
}

Problem Keyboard::Type(const std::vector<Stroke> &strokes) {
  // What an earlier failure left unread is forgotten.
  target_ = machine_->keys_acknowledged();
  unread_.clear();
  for (const Stroke &stroke : strokes) {
    const uint64_t room = kKeyWindow > stroke.size() ? kKeyWindow - stroke.size() : 0;
    if (Problem problem = WaitUntilUnread(room); !problem.empty()) return problem;
    Press(stroke);
  }
  return WaitUntilUnread(0);
}

}  // namespace qemu
