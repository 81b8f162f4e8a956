// SPDX-License-Identifier: MIT
#include "cells/timer/timer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cells/hpet/hpet.h"
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "cells/log/log.h"
#include "cells/pit/pit.h"
#include "nano_core/api/machine.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(timer_clock, 4096);

namespace {

// A source of ticks whose time the test moves on.
struct Source {
  double hertz;
  uint64_t mask;
  uint64_t line;
  status_t start_status = {STATUS_OK};
  status_t counter_status = {STATUS_OK};
  bool running = true;
  int starts = 0;
};

double seconds;
Source hpet;
Source pit;
bool deterministic;
bool forced;
int registrations;
int unregistrations;
int stops;
uint64_t registered_line;
std::string registered_name;
std::vector<std::string> lines;
int preemptions;
bool in_a_step;

// Events as nano_core has them: a number that moves on. Before each watch something may happen that
// another processor, or a handler, does meanwhile.
struct Events {
  std::map<uint32_t, uint64_t> numbers;
  uint32_t most = 1000;
  int signals = 0;
  int watches = 0;
  event_t watched = {};  // by the last watch
  uint64_t number = 0;   // of it, at that time
  std::function<void()> before_watch;

  bool HasMoved() const { return numbers.at(watched.index) != number; }
};

Events events;
status_t register_status = {STATUS_OK};

uint32_t Code(status_t status) { return status.code; }

status_t Start(Source *source, tick_source_t *out) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  source->starts++;
  if (!status_is_ok(source->start_status)) return source->start_status;
  const auto hertz = static_cast<uint64_t>(source->hertz);
  *out = {source->line, hertz, source->mask, hertz / kTicksPerSecond};
  return OK;
}

u64_result_t Count(const Source &source) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (!status_is_ok(source.counter_status)) return {source.counter_status, 0};
  return {OK, source.running ? static_cast<uint64_t>(seconds * source.hertz) & source.mask : 0};
}

class NoDevice : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t, int) override {
    ADD_FAILURE();
    return 0;
  }
  void WritePort(uint16_t, uint32_t, int) override { ADD_FAILURE(); }
};

}  // namespace

status_t hpet_start(tick_source_t *source) { return Start(&hpet, source); }
u64_result_t hpet_counter(void) { return Count(hpet); }
status_t hpet_stop(void) {
  EXPECT_EQ(unregistrations, 1) << "the line is quiet first";
  EXPECT_EQ(pit.starts, 0) << "the PIT's line is taken until then";
  stops++;
  return OK;
}
status_t pit_start(tick_source_t *source) { return Start(&pit, source); }
u64_result_t pit_counter(void) { return Count(pit); }

status_t log_write(text_t source, text_t message) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_TRUE(text_equal(source, TEXT("timer")));
  lines.push_back(std::string(message.data, message.length));
  return OK;
}

bool_result_t machine_option(text_t word) {
  return {OK, text_equal(word, TEXT("icount")) ? deterministic
                                               : text_equal(word, TEXT("timer=pit")) && forced};
}

event_result_t event_create(void) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  const auto index = static_cast<uint32_t>(events.numbers.size());
  if (index >= events.most) return {ERR(NO_MEMORY), {}};
  events.numbers[index] = 0;
  return {OK, {index, 1}};
}

status_t event_destroy(event_t) { return OK; }

status_t event_signal(event_t event) {
  events.signals++;
  events.numbers.at(event.index)++;
  return OK;
}

status_t event_watch(event_t event) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (events.before_watch) events.before_watch();
  events.watches++;
  events.watched = event;
  events.number = events.numbers.at(event.index);
  return OK;
}

task_result_t task_self(void) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  return {in_a_step ? OK : ERR(NOT_FOUND), {}};
}

reference_result_t reference_obtain(text_t function) {
  EXPECT_TRUE(text_equal(function, TEXT("timer_interrupt")));
  return {OK, {9, 1}};
}

status_t interrupt_dispatch_register(uint64_t line, reference_t handler, text_t name) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  registered_line = line;
  registered_name = std::string(name.data, name.length);
  EXPECT_EQ(handler.index, 9u);
  registrations++;
  return register_status;
}

status_t interrupt_dispatch_unregister(uint64_t line) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(line, registered_line);
  unregistrations++;
  return OK;
}

status_t task_preempt(void) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  preemptions++;
  return OK;
}

namespace {

class TimerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(timer_clock);
    host_device = &no_device_;
    host_cycles = 1000000;
    seconds = 0;
    pit = {1193182, 0xffff, 0};
    hpet = {100e6, 0xffffffff, 0};
    // Most tests are harder with the counter that wraps soon.
    hpet.start_status = ERR(NOT_FOUND);
    deterministic = forced = false;
    lines.clear();
    registrations = unregistrations = stops = preemptions = 0;
    events = {};
    in_a_step = true;
    register_status = OK;
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  void Start() { ASSERT_EQ(Code(timer_initialize()), STATUS_OK); }

  // Lets time pass, then makes one tick.
  void Tick(double milliseconds = 1) {
    Pass(milliseconds);
    EXPECT_EQ(Code(timer_interrupt()), STATUS_OK);
  }
  void Pass(double milliseconds) {
    seconds += milliseconds / 1000;
    host_cycles += static_cast<uint64_t>(milliseconds * megahertz_ * 1000);
  }
  uint64_t Now() { return timer_now().value.count; }
  uint64_t Counter(enum timer_counter counter) { return timer_counter(counter).value; }

  // A clock whose cycles are nanoseconds, and which has shown that it ticks.
  void StartDeterministic() {
    deterministic = true;
    Start();
    TickAt(0);
  }
  void TickAt(uint64_t time) {
    host_cycles = kBase + time;
    EXPECT_EQ(Code(timer_interrupt()), STATUS_OK);
  }
  // Asks for silence to be noticed, as a sleeper does.
  void AskOften(int times, uint64_t cycles_each) {
    for (int i = 0; i < times; i++) {
      host_cycles += cycles_each;
      EXPECT_EQ(Code(timer_wait_until({1000000000})), STATUS_WOULD_BLOCK);
      EXPECT_TRUE(events.HasMoved() || timer_ticks().value != 0) << "he must not sleep";
    }
  }

  static constexpr uint64_t kBase = 1000000;

  void UseHpet() { hpet.start_status = OK; }

  NoDevice no_device_;
  double megahertz_ = 2500;
};

TEST_F(TimerTest, Initialize_HpetThere_UsesIt) {
  UseHpet();
  hpet.line = 11;
  Start();
  EXPECT_EQ(registrations, 1);
  EXPECT_EQ(registered_line, 11u);
  EXPECT_EQ(registered_name, "timer/hpet");
  EXPECT_EQ(pit.starts, 0);
}

TEST_F(TimerTest, Initialize_NoHpet_UsesThePit) {
  for (const status_t status :
       {ERR(NOT_FOUND), ERR(IO_ERROR), ERR(UNSUPPORTED), ERR(UNAVAILABLE)}) {
    HOST_STATE_CLEAR(timer_clock);
    hpet.start_status = status;
    Start();
    EXPECT_EQ(registered_line, 0u);
    EXPECT_EQ(registered_name, "timer/pit");
  }
}

TEST_F(TimerTest, Initialize_PitForced_LeavesTheHpetAlone) {
  UseHpet();
  forced = true;
  Start();
  EXPECT_EQ(hpet.starts, 0);
  EXPECT_EQ(registered_name, "timer/pit");
}

TEST_F(TimerTest, Initialize_NoSourceAtAll_TellsWhy) {
  pit.start_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(timer_initialize()), STATUS_UNAVAILABLE);
  EXPECT_EQ(registrations, 0);
}

TEST_F(TimerTest, Initialize_SourceWithoutFrequency_IsInternal) {
  pit.hertz = 0;
  EXPECT_EQ(Code(timer_initialize()), STATUS_INTERNAL);
}

TEST_F(TimerTest, Initialize_DispatchGone_TellsWhy) {
  register_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(timer_initialize()), STATUS_UNAVAILABLE);
}

TEST_F(TimerTest, Interrupt_BeforeInitialize_IsUnavailable) {
  EXPECT_EQ(Code(timer_interrupt()), STATUS_UNAVAILABLE);
  EXPECT_EQ(timer_ticks().value, 0u);
}

TEST_F(TimerTest, Interrupt_Each_CountsAndAsksForPreemption) {
  Start();
  for (int i = 0; i < 5; i++) Tick();
  EXPECT_EQ(timer_ticks().value, 5u);
  EXPECT_EQ(preemptions, 5);
  EXPECT_EQ(events.signals, 0);
}

TEST_F(TimerTest, Now_Calibrated_FollowsTheCycleCounter) {
  Start();
  for (int i = 0; i < 100; i++) Tick();
  const uint64_t before = Now();
  EXPECT_NEAR(static_cast<double>(before), 99e6, 1e5);
  Pass(1234);
  EXPECT_NEAR(static_cast<double>(Now() - before), 1234e6, 1234e6 / 1000);
}

TEST_F(TimerTest, Now_WhileCalibrating_NeverGoesBack) {
  Start();
  uint64_t last = 0;
  for (int i = 0; i < 300; i++) {
    Tick(0.3 + (i % 5));
    ASSERT_GE(Now(), last);
    last = Now();
    Pass(0.1);
    ASSERT_GE(Now(), last);
    last = Now();
  }
}

TEST_F(TimerTest, Calibration_MergedTicks_IsStillExact) {
  Start();
  for (int i = 0; i < 40; i++) Tick(i % 3 == 0 ? 20 : 1);
  const u64_result_t second = timer_cycles_to_nanoseconds(2500000000);
  EXPECT_NEAR(static_cast<double>(second.value), 1e9, 1e6);
}

TEST_F(TimerTest, Calibration_EmulatorStopped_IsNotFooled) {
  Start();
  // Channel 2 wraps during the stop, so this window is wrong.
  Tick();
  Tick(10);
  Tick(100);
  for (int i = 0; i < 200; i++) Tick();
  const u64_result_t second = timer_cycles_to_nanoseconds(2500000000);
  EXPECT_NEAR(static_cast<double>(second.value), 1e9, 1e6);
}

TEST_F(TimerTest, Calibration_NoChannel2_CountsTicks) {
  pit.running = false;
  Start();
  for (int i = 0; i < 200; i++) Tick(1193 / pit.hertz * 1000);
  const u64_result_t second = timer_cycles_to_nanoseconds(2500000000);
  EXPECT_NEAR(static_cast<double>(second.value), 1e9, 1e6);
}

TEST_F(TimerTest, Calibration_ByHpet_IsExactAndSaidOnce) {
  UseHpet();
  megahertz_ = 3141.6;
  Start();
  EXPECT_TRUE(lines.empty());
  for (int i = 0; i < 200; i++) Tick();
  const u64_result_t second = timer_cycles_to_nanoseconds(3141600000);
  EXPECT_NEAR(static_cast<double>(second.value), 1e9, 1e5);
  EXPECT_EQ(lines, std::vector<std::string>{"ticks from hpet, TSC 3142 MHz"});
}

TEST_F(TimerTest, Calibration_ByPit_IsSaidOnce) {
  Start();
  for (int i = 0; i < 200; i++) Tick();
  EXPECT_EQ(lines, std::vector<std::string>{"ticks from pit, TSC 2500 MHz"});
}

TEST_F(TimerTest, Calibration_StoppedForLong_IsNotFooled) {
  UseHpet();
  Start();
  Tick();
  // Longer than the counter counts, than a window may be, and just very long.
  for (const double stop : {43500.0, 9000.0, 4000.0}) {
    Tick(stop);
    EXPECT_GT(Now(), 0u);
  }
  for (int i = 0; i < 200; i++) Tick();
  const u64_result_t second = timer_cycles_to_nanoseconds(2500000000);
  EXPECT_NEAR(static_cast<double>(second.value), 1e9, 1e6);
}

TEST_F(TimerTest, Calibration_CounterAwayForAWhile_GoesOn) {
  UseHpet();
  Start();
  for (int i = 0; i < 10; i++) Tick();
  hpet.counter_status = ERR(UNAVAILABLE);
  for (int i = 0; i < 10; i++) Tick();
  EXPECT_EQ(timer_ticks().value, 20u);
  hpet.counter_status = OK;
  for (int i = 0; i < 100; i++) Tick();
  const u64_result_t second = timer_cycles_to_nanoseconds(2500000000);
  EXPECT_NEAR(static_cast<double>(second.value), 1e9, 1e6);
}

TEST_F(TimerTest, CyclesToNanoseconds_BeforeTheSecondTick_WouldBlock) {
  Start();
  EXPECT_EQ(Code(timer_cycles_to_nanoseconds(1).status), STATUS_WOULD_BLOCK);
  EXPECT_TRUE(events.HasMoved()) << "nobody sleeps before the first tick";
  Tick();
  EXPECT_EQ(Code(timer_cycles_to_nanoseconds(1).status), STATUS_WOULD_BLOCK);
  EXPECT_FALSE(events.HasMoved());
  Tick();
  EXPECT_TRUE(events.HasMoved());
  const u64_result_t estimate = timer_cycles_to_nanoseconds(2500000000);
  EXPECT_NEAR(static_cast<double>(estimate.value), 1e9, 1e7);
}

TEST_F(TimerTest, CyclesToNanoseconds_AHundredYears_DoNotOverflow) {
  deterministic = true;
  Start();
  const uint64_t century = UINT64_C(3155760000) * 1000000000;
  EXPECT_EQ(timer_cycles_to_nanoseconds(century).value, century);
}

TEST_F(TimerTest, DeterministicTime_OneCycle_IsOneNanosecond) {
  deterministic = true;
  Start();
  EXPECT_EQ(Now(), 0u);
  host_cycles += 12345;
  EXPECT_EQ(Now(), 12345u);
  EXPECT_EQ(timer_cycles_to_nanoseconds(77).value, 77u);
  EXPECT_EQ(lines, std::vector<std::string>{"ticks from pit, TSC 1000 MHz"});
}

TEST_F(TimerTest, WaitUntil_Past_IsOkAndWatchesNothing) {
  StartDeterministic();
  host_cycles += 100;
  EXPECT_EQ(Code(timer_wait_until({100})), STATUS_OK);
  EXPECT_EQ(events.watches, 0);
  EXPECT_EQ(events.numbers.size(), 1u) << "an event for each bucket only when it is used";
}

TEST_F(TimerTest, WaitUntil_Future_IsSignalledOnceAtTheFirstTickAfterIt) {
  StartDeterministic();
  EXPECT_EQ(Code(timer_wait_until({5000000})), STATUS_WOULD_BLOCK);
  TickAt(4999999);
  EXPECT_FALSE(events.HasMoved());
  TickAt(5000000);
  EXPECT_TRUE(events.HasMoved());
  TickAt(5500000);
  TickAt(7000000);
  EXPECT_EQ(events.signals, 1);
  EXPECT_EQ(Counter(kTimerWakeUps), 1u);
  EXPECT_EQ(Code(timer_wait_until({5000000})), STATUS_OK);
}

TEST_F(TimerTest, WaitUntil_OthersInTheSlotAreEarlier_IsWokenAndAsksAgain) {
  StartDeterministic();
  // One slot: 4 * 2^20 is 4,194,304.
  EXPECT_EQ(Code(timer_wait_until({4900000})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(Code(timer_wait_until({4300000})), STATUS_WOULD_BLOCK);
  TickAt(4300001);
  EXPECT_EQ(events.signals, 1);
  EXPECT_EQ(Code(timer_wait_until({4300000})), STATUS_OK);
  EXPECT_EQ(Code(timer_wait_until({4900000})), STATUS_WOULD_BLOCK);
  TickAt(4899999);
  EXPECT_FALSE(events.HasMoved());
  TickAt(5300000);
  EXPECT_TRUE(events.HasMoved());
  EXPECT_EQ(Counter(kTimerLateness), 400000u);
}

TEST_F(TimerTest, WaitUntil_TheHandMovesBeforeTheWatch_IsArmedWhereItBelongsNow) {
  StartDeterministic();
  // Far away at first; in between time comes so near that the deadline is of the nearest level.
  const uint64_t deadline = 100000000;
  events.before_watch = [this] {
    events.before_watch = nullptr;
    TickAt(deadline - 5000000);
  };
  EXPECT_EQ(Code(timer_wait_until({deadline})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(events.watches, 2);
  TickAt(deadline);
  EXPECT_TRUE(events.HasMoved());
}

TEST_F(TimerTest, WaitUntil_TheTimeComesBeforeTheWatch_IsOk) {
  StartDeterministic();
  events.before_watch = [this] { TickAt(6000000); };
  EXPECT_EQ(Code(timer_wait_until({5000000})), STATUS_OK);
}

TEST_F(TimerTest, WaitUntil_TheHandMovesAgainAndAgain_TakesTheCommonEvent) {
  StartDeterministic();
  const uint64_t second = 1000000000;
  const uint64_t deadline = 100000 * second;
  // Each watch finds another level than the look before it.
  uint64_t left[] = {10000 * second, 100 * second, second};
  int i = 0;
  events.before_watch = [&] {
    if (i < 3) TickAt(deadline - left[i++]);
  };
  EXPECT_EQ(Code(timer_wait_until({deadline})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(events.watches, 4) << "a step has four";
  TickAt(deadline - 1);
  EXPECT_FALSE(events.HasMoved());
  TickAt(deadline);
  EXPECT_TRUE(events.HasMoved());
}

TEST_F(TimerTest, WaitUntil_NoEventIsLeft_TakesTheCommonEvent) {
  StartDeterministic();
  events.most = 2;
  EXPECT_EQ(Code(timer_wait_until({1500000})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(events.watched.index, 1u);
  EXPECT_EQ(Code(timer_wait_until({5000000})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(Code(timer_wait_until({3000000})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(events.watched.index, 0u);
  TickAt(2999999);
  EXPECT_FALSE(events.HasMoved());
  TickAt(3000000);
  EXPECT_TRUE(events.HasMoved());
}

TEST_F(TimerTest, WaitUntil_LateTick_IsCaughtUpAndCounted) {
  StartDeterministic();
  TickAt(1000000);
  TickAt(2000000);
  EXPECT_EQ(Counter(kTimerCatchUps), 0u);
  std::vector<event_t> waiting;
  for (uint64_t time = 3000000; time < 200000000; time += 7000000) {
    EXPECT_EQ(Code(timer_wait_until({time})), STATUS_WOULD_BLOCK);
    waiting.push_back(events.watched);
  }
  TickAt(300000000);
  for (const event_t event : waiting) EXPECT_GT(events.numbers.at(event.index), 0u);
  EXPECT_EQ(Counter(kTimerCatchUps), 1u);
  EXPECT_EQ(Counter(kTimerLateness), 297000000u);
  EXPECT_EQ(Code(timer_counter(3).status), STATUS_OUT_OF_RANGE);
}

TEST_F(TimerTest, WaitUntil_AHundredYears_TakesFewStages) {
  StartDeterministic();
  const uint64_t century = UINT64_C(3155760000) * 1000000000;
  uint64_t time = 0;
  int stages = 0;
  while (!status_is_ok(timer_wait_until({century}))) {
    stages++;
    ASSERT_LT(stages, 4000) << "a far slot lasts days";
    // As long as nobody else waits nothing happens, so the steps of time are large.
    while (!events.HasMoved()) {
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
class TimerModelTest : public TimerTest {
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
    sleeper->event = events.watched;
    sleeper->number = events.number;
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
      const bool woken = events.numbers.at(sleeper.event.index) != sleeper.number;
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

TEST_F(TimerModelTest, WaitUntil_ThousandsWithinSeconds_NobodyIsEarlyOrLost) {
  StartDeterministic();
  for (int i = 0; i < 4000; i++) Add(33);
  for (int i = 0; i < 12000 && !HasFatalFailure(); i++) {
    // Mostly a tick; now and then some are merged.
    TickAndWake(Random() % 20 == 0 ? Random() % 30000000 : 900000 + Random() % 200000);
    if (sleepers_.size() < 1000) Add(33);
  }
  EXPECT_LE(events.numbers.size(), 321u);
  EXPECT_LE(most_wakes_, 12);
}

TEST_F(TimerModelTest, WaitUntil_AnyTimeAnyGap_NobodyIsEarlyOrLost) {
  StartDeterministic();
  time_ = (UINT64_C(1) << 50) - 3000000;  // every level is about to wrap
  TickAt(time_);
  for (int i = 0; i < 3000; i++) Add(55);
  for (int i = 0; i < 20000 && !HasFatalFailure(); i++) {
    TickAndWake(RandomTime(Random() % 4 == 0 ? 48 : 24));
    if (sleepers_.size() < 300) Add(55);
  }
  while (!sleepers_.empty() && !HasFatalFailure()) TickAndWake(RandomTime(54));
  EXPECT_LE(events.numbers.size(), 321u);
}

TEST_F(TimerModelTest, WaitUntil_FewEvents_NobodyIsEarlyOrLost) {
  StartDeterministic();
  events.most = 20;
  for (int i = 0; i < 1000; i++) Add(32);
  for (int i = 0; i < 5000 && !HasFatalFailure(); i++) TickAndWake(RandomTime(22));
  while (!sleepers_.empty() && !HasFatalFailure()) TickAndWake(RandomTime(28));
}

TEST_F(TimerModelTest, WaitUntil_TimerReplacedInTheMiddle_NobodyIsEarlyOrLost) {
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

TEST_F(TimerModelTest, WaitUntil_TicksBetweenAnyTwoWatches_NobodyIsEarlyOrLost) {
  StartDeterministic();
  events.before_watch = [this] {
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

TEST_F(TimerTest, Now_OtherProcessorBehind_NeverGoesBack) {
  StartDeterministic();
  host_cycles = kBase + 5000;
  EXPECT_EQ(Now(), 5000u);
  host_cycles = kBase + 4000;
  EXPECT_EQ(Now(), 5000u);
  EXPECT_EQ(Code(timer_interrupt()), STATUS_OK);
  host_cycles = kBase - 1;
  EXPECT_EQ(Now(), 5000u) << "before the moment from which time is counted";
  host_cycles = kBase + 5001;
  EXPECT_EQ(Now(), 5001u);
}

TEST_F(TimerTest, Silence_HpetNeverTicks_ThePitTakesOver) {
  UseHpet();
  hpet.line = 11;
  Start();
  AskOften(999, uint64_t{1} << 24);
  EXPECT_EQ(registrations, 1) << "not often enough";
  AskOften(2, uint64_t{1} << 24);
  EXPECT_EQ(stops, 1);
  EXPECT_EQ(unregistrations, 1);
  EXPECT_EQ(registrations, 2);
  EXPECT_EQ(registered_line, 0u);
  EXPECT_EQ(registered_name, "timer/pit");
  EXPECT_EQ(lines, std::vector<std::string>{"hpet does not tick; the pit takes over"});
  for (int i = 0; i < 200; i++) Tick();
  EXPECT_EQ(lines.back(), "ticks from pit, TSC 2500 MHz");
  EXPECT_NEAR(static_cast<double>(Now()), 199e6, 1e6);
  EXPECT_EQ(Code(timer_wait_until({1000000000})), STATUS_WOULD_BLOCK);
  EXPECT_FALSE(events.HasMoved()) << "now he may sleep";
  // The next instance does not try again.
  const int tried = hpet.starts;
  Start();
  EXPECT_EQ(hpet.starts, tried);
  EXPECT_EQ(Code(timer_reset()), STATUS_OK);
  EXPECT_EQ(hpet.starts, tried);
}

TEST_F(TimerTest, Silence_Short_IsNoFault) {
  UseHpet();
  Start();
  AskOften(5000, 1000);
  EXPECT_EQ(stops, 0) << "often, but not for long";
  HOST_STATE_CLEAR(timer_clock);
  Start();
  AskOften(5, uint64_t{1} << 40);
  EXPECT_EQ(stops, 0) << "long, but the machine was stopped itself";
  Tick();
  AskOften(5000, uint64_t{1} << 30);
  EXPECT_EQ(stops, 0) << "one tick is enough";
  Start();
  EXPECT_EQ(Code(timer_wait_until({UINT64_MAX})), STATUS_WOULD_BLOCK);
  EXPECT_FALSE(events.HasMoved()) << "the next instance takes that over";
}

TEST_F(TimerTest, Silence_InAHandler_ChangesNothing) {
  UseHpet();
  Start();
  in_a_step = false;
  for (int i = 0; i < 5000; i++) {
    host_cycles += uint64_t{1} << 30;
    EXPECT_EQ(Now(), 0u);
  }
  EXPECT_EQ(stops, 0);
  in_a_step = true;
  for (int i = 0; i < 1001; i++) {
    host_cycles += uint64_t{1} << 30;
    EXPECT_EQ(Now(), 0u);
  }
  EXPECT_EQ(stops, 1);
}

TEST_F(TimerTest, Silence_OfThePitToo_IsSaidOnceAndSleepersSleep) {
  UseHpet();
  Start();
  AskOften(1001, uint64_t{1} << 30);
  AskOften(999, uint64_t{1} << 30);
  for (int i = 0; i < 100; i++) EXPECT_FALSE(status_is_ok(timer_wait_until({1000})));
  EXPECT_FALSE(events.HasMoved());
  EXPECT_EQ(lines, (std::vector<std::string>{"hpet does not tick; the pit takes over",
                                             "pit does not tick; time stands still"}));
  // Should it come round, it is welcome.
  for (int i = 0; i < 3; i++) Tick();
  EXPECT_TRUE(events.HasMoved());
}

TEST_F(TimerTest, Silence_PitCannotStart_IsTriedByTheNextInstance) {
  UseHpet();
  Start();
  pit.start_status = ERR(UNAVAILABLE);
  AskOften(1001, uint64_t{1} << 30);
  EXPECT_EQ(registrations, 1);
  pit.start_status = OK;
  Start();
  EXPECT_EQ(registered_name, "timer/pit");
}

TEST_F(TimerTest, Initialize_SourceChangesWhileCalibrating_TheClockGoesOn) {
  Start();
  for (int i = 0; i < 10; i++) Tick();
  const uint64_t before = Now();
  UseHpet();
  Start();
  EXPECT_EQ(registered_name, "timer/hpet");
  for (int i = 0; i < 10; i++) Tick();
  EXPECT_NEAR(static_cast<double>(Now() - before), 9e6, 1e5);
}

TEST_F(TimerTest, Reset_Always_KeepsTheClock) {
  Start();
  for (int i = 0; i < 10; i++) Tick();
  const uint64_t before = timer_now().value.count;
  EXPECT_EQ(Code(timer_reset()), STATUS_OK);
  EXPECT_GE(timer_now().value.count, before);
  Tick();
  EXPECT_EQ(timer_ticks().value, 11u);
  EXPECT_EQ(registrations, 1);
}

}  // namespace
