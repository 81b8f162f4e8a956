// SPDX-License-Identifier: MIT
// patterns/event.h: one event is made however many want it first, and no wake-up is lost.
#include "patterns/event.h"

#include "testing/interleave/events.h"
#include "testing/interleave/suite.h"

namespace {

struct token_blob_t {
  monitor_t monitor;
  event_t event;
  uint64_t tokens;
};

}  // namespace

INTERLEAVE_STATE_OF(token_blob_t, tokens);

namespace {

// Even processors put tokens in, odd ones wait for them.
class EventSuite : public interleave::Suite {
 public:
  void Begin(interleave::Random &, int processors) override {
    interleave::EventsClear();
    producers_ = (processors + 1) / 2;
    consumers_ = processors / 2;
  }

  void Run(int processor, int operations, interleave::Random &random) override {
    if (processor % 2 == 1) {
      for (int i = 0; i < operations * producers_ / consumers_; i++) Take();
      if (operations * producers_ % consumers_ != 0 && processor == 1) Take();
      return;
    }
    for (int i = 0; i < operations; i++) Put(random.Percent(50));
  }

  void End() override {
    INTERLEAVE_CHECK(state_tokens->tokens == 0, "tokens are left");
    INTERLEAVE_CHECK(interleave::Events() == 1, "%d events are left", interleave::Events());
  }

 private:
  static void Put(bool outside) {
    monitor_enter(&state_tokens->monitor);
    state_set(&state_tokens->tokens, state_tokens->tokens + 1);
    if (!outside) event_signal_state(&state_tokens->event);
    const event_t event = state_tokens->event;
    monitor_exit(&state_tokens->monitor);
    if (outside) event_signal_state(&event);
  }

  static bool TryToTake() {
    INTERLEAVE_CHECK(status_is_ok(event_watch_state(&state_tokens->monitor, &state_tokens->event)),
                     "the event cannot be watched");
    monitor_enter(&state_tokens->monitor);
    const bool there = state_tokens->tokens != 0;
    if (there) state_set(&state_tokens->tokens, state_tokens->tokens - 1);
    monitor_exit(&state_tokens->monitor);
    return there;
  }

  static void Take() {
    while (!TryToTake()) interleave::Await();
  }

  int producers_ = 0;
  int consumers_ = 0;
};

}  // namespace

INTERLEAVE_SUITE("event", EventSuite);
