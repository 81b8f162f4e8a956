// SPDX-License-Identifier: MIT
#include "testing/qemu/verdict.h"

#include <sys/wait.h>

namespace qemu {
namespace {

constexpr int kPowerOffBase = 0x10;
constexpr int kLargestCode = 100;
constexpr int kPanic = 0x7f;

Ending Died(std::string reason) { return {Ending::Kind::kDied, 0, std::move(reason)}; }

}  // namespace

Ending EndingOfQemu(int wait_status, bool shut_down) {
  if (WIFSIGNALED(wait_status)) {
    return Died("QEMU was killed by signal " + std::to_string(WTERMSIG(wait_status)));
  }
  const int exit_code = WEXITSTATUS(wait_status);
  const int value = exit_code >> 1;
  if (exit_code == 0 && shut_down) return {Ending::Kind::kPoweredOff, 0, ""};
  if (exit_code == 0) return Died("QEMU ended, though the machine did not power off");
  if (exit_code % 2 == 0) return Died("QEMU ended with exit code " + std::to_string(exit_code));
  if (value == kPanic) return Died("nano_core panicked");
  if (value >= kPowerOffBase && value <= kPowerOffBase + kLargestCode) {
    return {Ending::Kind::kPoweredOff, value - kPowerOffBase, ""};
  }
  // 1 is both a debug-exit value of 0 and QEMU's own way to say that it could not start.
  return Died("QEMU failed with exit code " + std::to_string(exit_code));
}

}  // namespace qemu
