// SPDX-License-Identifier: MIT
#include "testing/bench/targets.h"

namespace bench {
namespace {

// Linux: instructions under QEMU's -icount, one processor.
constexpr Target kTargets[] = {
    {"gate.call", "instructions", 20, ""},
    {"monitor.word", "instructions", 60, ""},
    {"boot.shell", "instructions", 50000000, "1554 M"},
    {"boot.memory", "bytes", 8000000, "63 M"},
    {"task.switch", "instructions", 300, "1743 by yield, 3564 by futex"},
    {"task.spawn_join", "instructions", 10000, "68035"},
    {"task.memory", "bytes", 1024, ""},
};

}  // namespace

const Target *FindTarget(const std::string &name, const std::string &unit) {
  for (const Target &target : kTargets) {
    if (name == target.name && unit == target.unit) return &target;
  }
  return nullptr;
}

}  // namespace bench
