// SPDX-License-Identifier: MIT
/// @file
/// The wheel: who waits is woken in time, whatever the ticks do.
#include <algorithm>
#include <vector>

#include "cells/timer/fake_world.h"

namespace {

class WheelTest : public TimerTest {
 protected:
  static uint64_t Counter(enum timer_counter counter) { return timer_counter(counter).value; }
};

TEST_F(WheelTest, WaitUntil_Past_IsOkAndWatchesNothing) {
  StartDeterministic();
  PassCycles(100);
  EXPECT_EQ(Code(timer_wait_until({100})), STATUS_OK);
  EXPECT_EQ(world.events.watches, 0);
  EXPECT_EQ(world.events.numbers.size(), 1u) << "an event for each bucket only when it is used";
}

TEST_F(WheelTest, WaitUntil_Future_IsSignalledOnceAtTheFirstTickAfterIt) {
  StartDeterministic();
  EXPECT_EQ(Code(timer_wait_until({5000000})), STATUS_WOULD_BLOCK);
  TickAt(4999999);
  EXPECT_FALSE(world.events.HasMoved());
  TickAt(5000000);
  EXPECT_TRUE(world.events.HasMoved());
  TickAt(5500000);
  TickAt(7000000);
  EXPECT_EQ(world.events.signals, 1);
  EXPECT_EQ(Counter(kTimerWakeUps), 1u);
  EXPECT_EQ(Code(timer_wait_until({5000000})), STATUS_OK);
}

TEST_F(WheelTest, WaitUntil_OthersInTheSlotAreEarlier_IsWokenAndAsksAgain) {
  StartDeterministic();
  // One slot: 4 * 2^20 is 4,194,304.
  EXPECT_EQ(Code(timer_wait_until({4900000})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(Code(timer_wait_until({4300000})), STATUS_WOULD_BLOCK);
  TickAt(4300001);
  EXPECT_EQ(world.events.signals, 1);
  EXPECT_EQ(Code(timer_wait_until({4300000})), STATUS_OK);
  EXPECT_EQ(Code(timer_wait_until({4900000})), STATUS_WOULD_BLOCK);
  TickAt(4899999);
  EXPECT_FALSE(world.events.HasMoved());
  TickAt(5300000);
  EXPECT_TRUE(world.events.HasMoved());
  EXPECT_EQ(Counter(kTimerLateness), 400000u);
}

TEST_F(WheelTest, WaitUntil_TheHandMovesBeforeTheWatch_IsArmedWhereItBelongsNow) {
  StartDeterministic();
  // Far away at first; in between time comes so near that the deadline is of the nearest level.
  const uint64_t deadline = 100000000;
  world.events.before_watch = [] {
    world.events.before_watch = nullptr;
    TickAt(deadline - 5000000);
  };
  EXPECT_EQ(Code(timer_wait_until({deadline})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(world.events.watches, 2);
  TickAt(deadline);
  EXPECT_TRUE(world.events.HasMoved());
}

TEST_F(WheelTest, WaitUntil_TheTimeComesBeforeTheWatch_IsOk) {
  StartDeterministic();
  world.events.before_watch = [] { TickAt(6000000); };
  EXPECT_EQ(Code(timer_wait_until({5000000})), STATUS_OK);
}

TEST_F(WheelTest, WaitUntil_TheHandMovesAgainAndAgain_TakesTheCommonEvent) {
  StartDeterministic();
  const uint64_t second = 1000000000;
  const uint64_t deadline = 100000 * second;
  // Each watch finds another level than the look before it.
  uint64_t left[] = {10000 * second, 100 * second, second};
  int i = 0;
  world.events.before_watch = [&] {
    if (i < 3) TickAt(deadline - left[i++]);
  };
  EXPECT_EQ(Code(timer_wait_until({deadline})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(world.events.watches, 4) << "a step has four";
  TickAt(deadline - 1);
  EXPECT_FALSE(world.events.HasMoved());
  TickAt(deadline);
  EXPECT_TRUE(world.events.HasMoved());
}

TEST_F(WheelTest, WaitUntil_NoEventIsLeft_TakesTheCommonEvent) {
  StartDeterministic();
  world.events.most = 2;
  EXPECT_EQ(Code(timer_wait_until({1500000})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(world.events.watched.index, 1u);
  EXPECT_EQ(Code(timer_wait_until({5000000})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(Code(timer_wait_until({3000000})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(world.events.watched.index, 0u);
  TickAt(2999999);
  EXPECT_FALSE(world.events.HasMoved());
  TickAt(3000000);
  EXPECT_TRUE(world.events.HasMoved());
}

TEST_F(WheelTest, WaitUntil_LateTick_IsCaughtUpAndCounted) {
  StartDeterministic();
  TickAt(1000000);
  TickAt(2000000);
  EXPECT_EQ(Counter(kTimerCatchUps), 0u);
  std::vector<event_t> waiting;
  for (uint64_t time = 3000000; time < 200000000; time += 7000000) {
    EXPECT_EQ(Code(timer_wait_until({time})), STATUS_WOULD_BLOCK);
    waiting.push_back(world.events.watched);
  }
  TickAt(300000000);
  for (const event_t event : waiting) EXPECT_GT(world.events.numbers.at(event.index), 0u);
  EXPECT_EQ(Counter(kTimerCatchUps), 1u);
  EXPECT_EQ(Counter(kTimerLateness), 297000000u);
  EXPECT_EQ(Code(timer_counter(3).status), STATUS_OUT_OF_RANGE);
}

TEST_F(WheelTest, WaitUntil_AHundredYears_TakesFewStages) {
  StartDeterministic();
  const uint64_t century = UINT64_C(3155760000) * 1000000000;
  uint64_t time = 0;
  int stages = 0;
  while (!status_is_ok(timer_wait_until({century}))) {
    stages++;
    ASSERT_LT(stages, 4000) << "a far slot lasts days";
    // As long as nobody else waits nothing happens, so the steps of time are large.
    while (!world.events.HasMoved()) {
      const uint64_t left = century - time;
      time += left > 10000000000000 ? 1000000000000 : left > 2000000 ? left / 2 : left;
      TickAt(time);
    }
  }
  EXPECT_EQ(time, century);
  EXPECT_GT(stages, 2000) << "about as many as there are 13 days in a century";
  EXPECT_EQ(Code(timer_wait_until({UINT64_MAX})), STATUS_WOULD_BLOCK);
}

// Thousands of sleepers whose time comes anywhere, ticks at any distance.
class WheelModelTest : public WheelTest {
 protected:
  struct Sleeper {
    uint64_t deadline;
    event_t event;
    uint64_t number;
    int wakes = 0;
  };

  uint64_t Random() {
    seed_ ^= seed_ << 13;
    seed_ ^= seed_ >> 7;
    seed_ ^= seed_ << 17;
    return seed_;
  }
  // Evenly spread over the orders of magnitude, up to 2^bits.
  uint64_t RandomTime(uint64_t bits) {
    return Random() & ((UINT64_C(1) << (1 + Random() % bits)) - 1);
  }
  // Has a sleeper ask. Returns whether he goes on sleeping; he must not be told too early.
  bool Ask(Sleeper *sleeper) {
    const status_t status = timer_wait_until({sleeper->deadline});
    if (status_is_ok(status)) {
      EXPECT_GE(time_, sleeper->deadline) << "too early";
      return false;
    }
    EXPECT_EQ(Code(status), STATUS_WOULD_BLOCK);
    sleeper->event = world.events.watched;
    sleeper->number = world.events.number;
    sleeper->wakes++;
    return true;
  }
  void Add(uint64_t bits) {
    sleepers_.push_back({time_ + RandomTime(bits), {}, 0});
    if (!Ask(&sleepers_.back())) sleepers_.pop_back();
  }
  // One tick; whoever it wakes asks again, and whose time has come must be among them.
  void TickAndWake(uint64_t distance) {
    time_ += distance;
    TickAt(time_);
    std::vector<Sleeper> asleep;
    for (Sleeper &sleeper : sleepers_) {
      const bool woken = world.events.numbers.at(sleeper.event.index) != sleeper.number;
      ASSERT_TRUE(woken || sleeper.deadline > time_) << "overslept";
      most_wakes_ = std::max(most_wakes_, sleeper.wakes);
      if (!woken || Ask(&sleeper)) asleep.push_back(sleeper);
    }
    sleepers_.swap(asleep);
  }

  uint64_t seed_ = 88172645463325252;
  uint64_t time_ = 0;
  int most_wakes_ = 0;
  std::vector<Sleeper> sleepers_;
};

TEST_F(WheelModelTest, WaitUntil_ThousandsWithinSeconds_NobodyIsEarlyOrLost) {
  StartDeterministic();
  for (int i = 0; i < 4000; i++) Add(33);
  for (int i = 0; i < 12000 && !HasFatalFailure(); i++) {
    // Mostly a tick; now and then some are merged.
    TickAndWake(Random() % 20 == 0 ? Random() % 30000000 : 900000 + Random() % 200000);
    if (sleepers_.size() < 1000) Add(33);
  }
  EXPECT_LE(world.events.numbers.size(), 321u);
  EXPECT_LE(most_wakes_, 12);
}

TEST_F(WheelModelTest, WaitUntil_AnyTimeAnyGap_NobodyIsEarlyOrLost) {
  StartDeterministic();
  time_ = (UINT64_C(1) << 50) - 3000000;  // every level is about to wrap
  TickAt(time_);
  for (int i = 0; i < 3000; i++) Add(55);
  for (int i = 0; i < 20000 && !HasFatalFailure(); i++) {
    TickAndWake(RandomTime(Random() % 4 == 0 ? 48 : 24));
    if (sleepers_.size() < 300) Add(55);
  }
  while (!sleepers_.empty() && !HasFatalFailure()) TickAndWake(RandomTime(54));
  EXPECT_LE(world.events.numbers.size(), 321u);
}

TEST_F(WheelModelTest, WaitUntil_FewEvents_NobodyIsEarlyOrLost) {
  StartDeterministic();
  world.events.most = 20;
  for (int i = 0; i < 1000; i++) Add(32);
  for (int i = 0; i < 5000 && !HasFatalFailure(); i++) TickAndWake(RandomTime(22));
  while (!sleepers_.empty() && !HasFatalFailure()) TickAndWake(RandomTime(28));
}

TEST_F(WheelModelTest, WaitUntil_TimerReplacedInTheMiddle_NobodyIsEarlyOrLost) {
  StartDeterministic();
  for (int i = 0; i < 2000; i++) Add(32);
  for (int i = 0; i < 4000 && !HasFatalFailure(); i++) {
    TickAndWake(1000000);
    // What nano_core does with the new instance: the state is as it was.
    if (i % 10 == 0) ASSERT_EQ(Code(timer_initialize()), STATUS_OK);
    if (sleepers_.size() < 100) Add(32);
  }
  while (!sleepers_.empty() && !HasFatalFailure()) TickAndWake(RandomTime(28));
}

TEST_F(WheelModelTest, WaitUntil_TicksBetweenAnyTwoWatches_NobodyIsEarlyOrLost) {
  StartDeterministic();
  world.events.before_watch = [this] {
    if (Random() % 3 != 0) return;
    time_ += RandomTime(28);
    TickAt(time_);
  };
  for (int i = 0; i < 1000; i++) Add(33);
  for (int i = 0; i < 4000 && !HasFatalFailure(); i++) {
    TickAndWake(RandomTime(22));
    // A tick in the middle of another's asking wakes, too; seen with the next one.
    if (sleepers_.size() < 100) Add(33);
  }
}

}  // namespace
