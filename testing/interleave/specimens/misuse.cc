// SPDX-License-Identifier: MIT
// What no cell may do, one kind by environment variable MISUSE; each is found at once.
#include <cstdlib>
#include <string>

#include "nano_core/api/monitor.h"
#include "nano_core/api/state.h"
#include "testing/interleave/suite.h"

#define NO_ANALYSIS __attribute__((no_thread_safety_analysis))

namespace {

struct misused_t {
  monitor_t monitor;
  uint64_t number;
};

}  // namespace

INTERLEAVE_STATE_OF(misused_t, misused);
INTERLEAVE_STATE_OF(misused_t, other);

namespace {

class Misuse : public interleave::Suite {
 public:
  void Begin(interleave::Random &, int) override {
    const char *kind = std::getenv("MISUSE");
    kind_ = kind == nullptr ? "" : kind;
  }

  NO_ANALYSIS void Run(int processor, int, interleave::Random &) override {
    if (kind_ == "call") CallInMonitor();
    if (kind_ == "keep") monitor_enter(&state_misused->monitor);
    if (kind_ == "twice") EnterTwice();
    if (kind_ == "exit") monitor_exit(&state_misused->monitor);
    if (kind_ == "store") state_set(&state_misused->number, UINT64_C(1));
    if (kind_ == "stray") *const_cast<uint64_t *>(&state_misused->number) = 1;
    if (kind_ == "trap") TRAP();
    if (kind_ == "deadlock") EnterBoth(processor % 2 == 0);
    while (kind_ == "endless") interleave::Yield();
    if (kind_ == "interrupt") UseLong();
  }

  bool HasInterrupt() const override { return true; }
  void Interrupt() override {
    if (kind_ != "interrupt") return;
    monitor_enter(&state_misused->monitor);
    monitor_exit(&state_misused->monitor);
  }

 private:
  static void CallInMonitor() {
    monitor_enter(&state_misused->monitor);
    interleave::Call("another_cell");
    monitor_exit(&state_misused->monitor);
  }

  NO_ANALYSIS static void EnterTwice() {
    monitor_enter(&state_misused->monitor);
    monitor_enter(&state_misused->monitor);
  }

  // Not in one order everywhere.
  NO_ANALYSIS static void EnterBoth(bool straight) {
    const monitor_t *first = straight ? &state_misused->monitor : &state_other->monitor;
    const monitor_t *second = straight ? &state_other->monitor : &state_misused->monitor;
    monitor_enter(first);
    monitor_enter(second);
    monitor_exit(second);
    monitor_exit(first);
  }

  // The handler enters, too, but this does not hold off interrupts.
  static void UseLong() {
    for (int i = 0; i < 20; i++) {
      monitor_enter(&state_misused->monitor);
      state_set(&state_misused->number, state_misused->number + 1);
      monitor_exit(&state_misused->monitor);
    }
  }

  std::string kind_;
};

}  // namespace

INTERLEAVE_SUITE("misuse", Misuse);
