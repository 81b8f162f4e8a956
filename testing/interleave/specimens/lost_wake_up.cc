// SPDX-License-Identifier: MIT
// A seeded bug: the condition is tested before its event is watched. What happens in between wakes
// nobody, and the one who waits does so for ever.
#include "patterns/event.h"
#include "testing/interleave/events.h"
#include "testing/interleave/suite.h"

namespace {

struct door_blob_t {
  monitor_t monitor;
  event_t event;
  uint64_t passes;
};

}  // namespace

INTERLEAVE_STATE_OF(door_blob_t, door);

namespace {

// Processor 0 grants passes, the others wait for one each.
class LostWakeUp : public interleave::Suite {
 public:
  void Prepare() override {
    const event_result_t event = event_ensure(&state_door->monitor, &state_door->event);
    INTERLEAVE_CHECK(status_is_ok(event.status), "event_ensure");
  }

  void Begin(interleave::Random &, int) override { interleave::EventsClear(); }

  void Run(int processor, int, interleave::Random &) override {
    if (processor != 0) {
      while (!TryToPass()) interleave::Await();
      return;
    }
    for (int i = 1; i < interleave::Processors(); i++) Grant();
  }

 private:
  static bool TryToPass() {
    monitor_enter(&state_door->monitor);
    const bool granted = state_door->passes != 0;
    if (granted) state_set(&state_door->passes, state_door->passes - 1);
    monitor_exit(&state_door->monitor);
    if (granted) return true;
    status_ignore(event_watch_state(&state_door->monitor, &state_door->event), "it is there");
    return false;
  }

  static void Grant() {
    monitor_enter(&state_door->monitor);
    state_set(&state_door->passes, state_door->passes + 1);
    event_signal_state(&state_door->event);
    monitor_exit(&state_door->monitor);
  }
};

}  // namespace

INTERLEAVE_SUITE("lost_wake_up", LostWakeUp);
