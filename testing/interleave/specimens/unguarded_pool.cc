// SPDX-License-Identifier: MIT
// A seeded bug: giving back pushes to the free list outside of the monitor, since it is only two
// stores. Interleaving finds a place that two have; ThreadSanitizer reports the race.
#include "nano_core/api/monitor.h"
#include "nano_core/api/state.h"
#include "testing/interleave/suite.h"

namespace {

constexpr uint32_t kPlaces = 4;
constexpr uint32_t kNone = 0;  // places count from 1

struct pool_blob_t {
  monitor_t monitor;
  uint32_t fresh;  // places taken so far, whether given back or not
  uint32_t free;   // the first place that was given back
  uint32_t next[kPlaces + 1];
  uint32_t owner[kPlaces + 1];
};

}  // namespace

INTERLEAVE_STATE_OF(pool_blob_t, unguarded_pool);

namespace {

class UnguardedPool : public interleave::Suite {
 public:
  bool StoresNeedMonitor() const override { return false; }

  void Begin(interleave::Random &, int) override {}

  void Run(int processor, int operations, interleave::Random &) override {
    const auto me = static_cast<uint32_t>(processor) + 1;
    for (int i = 0; i < operations; i++) {
      const uint32_t place = Take(me);
      if (place == kNone) continue;
      INTERLEAVE_CHECK(state_unguarded_pool->owner[place] == me, "place %u has two owners", place);
      Give(place);
    }
  }

 private:
  static uint32_t Take(uint32_t me) {
    const pool_blob_t *pool = state_unguarded_pool;
    monitor_enter(&state_unguarded_pool->monitor);
    uint32_t place = pool->free;
    if (place != kNone) {
      state_set(&pool->free, pool->next[place]);
    } else if (pool->fresh < kPlaces) {
      place = pool->fresh + 1;
      state_set(&pool->fresh, place);
    }
    if (place != kNone) state_set(&pool->owner[place], me);
    monitor_exit(&state_unguarded_pool->monitor);
    return place;
  }

  static void Give(uint32_t place) {
    const pool_blob_t *pool = state_unguarded_pool;
    state_set(&pool->next[place], pool->free);
    state_set(&pool->free, place);
  }
};

}  // namespace

INTERLEAVE_SUITE("unguarded_pool", UnguardedPool);
