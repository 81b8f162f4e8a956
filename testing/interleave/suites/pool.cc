// SPDX-License-Identifier: MIT
// patterns/pool.h: no place is two owners' at once, and an old handle finds nothing.
#include "patterns/pool.h"

#include "testing/interleave/suite.h"

namespace {

constexpr int kCapacity = 4;
constexpr int kHeld = 3;  // by each processor at most: together they want more than there is

struct handle_t {
  uint32_t index;
  uint32_t generation;
};

struct item_t {
  uint64_t owner;
  uint64_t stamp;
};

POOL_DEFINE(item_pool, handle_t, item_t, kCapacity);

struct pool_blob_t {
  monitor_t monitor;
  item_pool_t pool;
};

}  // namespace

INTERLEAVE_STATE_OF(pool_blob_t, item_pool);

namespace {

class PoolSuite : public interleave::Suite {
 public:
  void Begin(interleave::Random &, int) override {}

  void Run(int processor, int operations, interleave::Random &random) override {
    Held held;
    held.owner = static_cast<uint64_t>(processor) + 1;
    for (int i = 0; i < operations; i++) {
      if (held.count < kHeld && random.Percent(55)) {
        Take(&held);
      } else if (held.count > 0) {
        Give(&held, random.Below(held.count));
      }
    }
    while (held.count > 0) Give(&held, 0);
  }

  void End() override {
    monitor_enter(&state_item_pool->monitor);
    handle_t handle = {};
    for (uint64_t i = 0; i < kCapacity; i++) {
      INTERLEAVE_CHECK(!item_pool_taken(&state_item_pool->pool, i, &handle),
                       "place %u is taken, but nobody holds it", handle.index);
    }
    for (int i = 0; i < kCapacity; i++) {
      INTERLEAVE_CHECK(status_is_ok(item_pool_take(&state_item_pool->pool, &handle)),
                       "only %d places are left", i);
    }
    INTERLEAVE_CHECK(!status_is_ok(item_pool_take(&state_item_pool->pool, &handle)),
                     "there are too many places");
    monitor_exit(&state_item_pool->monitor);
  }

 private:
  struct Held {
    uint64_t owner;
    uint64_t count = 0;
    handle_t handles[kHeld];
  };

  static void Take(Held *held) {
    handle_t handle = {};
    monitor_enter(&state_item_pool->monitor);
    if (status_is_ok(item_pool_take(&state_item_pool->pool, &handle))) {
      const item_t *item = item_pool_get(&state_item_pool->pool, handle);
      INTERLEAVE_CHECK(item != nullptr && item->owner == 0 && item->stamp == 0,
                       "place %u is not all zero", handle.index);
      state_set(&item->owner, held->owner);
      state_set(&item->stamp, static_cast<uint64_t>(handle.generation));
      held->handles[held->count++] = handle;
      interleave::Note("has place %u", handle.index);
    }
    monitor_exit(&state_item_pool->monitor);
  }

  static void Give(Held *held, uint64_t which) {
    const handle_t handle = held->handles[which];
    held->handles[which] = held->handles[--held->count];
    monitor_enter(&state_item_pool->monitor);
    const item_t *item = item_pool_get(&state_item_pool->pool, handle);
    INTERLEAVE_CHECK(item != nullptr, "place %u is gone", handle.index);
    INTERLEAVE_CHECK(item->owner == held->owner && item->stamp == handle.generation,
                     "place %u is somebody else's", handle.index);
    INTERLEAVE_CHECK(status_is_ok(item_pool_give(&state_item_pool->pool, handle)),
                     "place %u cannot be given back", handle.index);
    monitor_exit(&state_item_pool->monitor);
    monitor_enter(&state_item_pool->monitor);
    INTERLEAVE_CHECK(item_pool_get(&state_item_pool->pool, handle) == nullptr,
                     "an old handle finds place %u", handle.index);
    INTERLEAVE_CHECK(status_is(item_pool_give(&state_item_pool->pool, handle), STATUS_STALE),
                     "an old handle frees place %u", handle.index);
    monitor_exit(&state_item_pool->monitor);
  }
};

}  // namespace

INTERLEAVE_SUITE("pool", PoolSuite);
