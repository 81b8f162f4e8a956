// SPDX-License-Identifier: MIT
// A seeded bug: whether there is a token is seen in one section of the monitor, and the token is
// taken in the next. There is no data race in that, so ThreadSanitizer has nothing to report.
#include "nano_core/api/monitor.h"
#include "nano_core/api/state.h"
#include "testing/interleave/suite.h"

namespace {

struct tokens_blob_t {
  monitor_t monitor;
  int64_t taken;
};

constexpr int64_t kTokens = 2;

}  // namespace

INTERLEAVE_STATE_OF(tokens_blob_t, counted_tokens);

namespace {

class CheckThenAct : public interleave::Suite {
 public:
  void Begin(interleave::Random &, int) override {}

  void Run(int, int operations, interleave::Random &) override {
    for (int i = 0; i < operations; i++) {
      if (!IsThereOne()) continue;
      Change(+1);
      Change(-1);
    }
  }

 private:
  static bool IsThereOne() {
    monitor_enter(&state_counted_tokens->monitor);
    const bool there = state_counted_tokens->taken < kTokens;
    monitor_exit(&state_counted_tokens->monitor);
    return there;
  }

  static void Change(int64_t difference) {
    monitor_enter(&state_counted_tokens->monitor);
    state_set(&state_counted_tokens->taken, state_counted_tokens->taken + difference);
    INTERLEAVE_CHECK(state_counted_tokens->taken <= kTokens,
                     "more tokens are taken than there are");
    monitor_exit(&state_counted_tokens->monitor);
  }
};

}  // namespace

INTERLEAVE_SUITE("check_then_act", CheckThenAct);
