// SPDX-License-Identifier: MIT
#include "cells/timer/timer.h"

#include <gtest/gtest.h>

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
uint64_t registered_line;
std::string registered_name;
std::vector<std::string> lines;
int preemptions;
int signals;
int watches;
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

event_result_t event_create(void) { return {OK, {1, 1}}; }
status_t event_destroy(event_t) { return OK; }

status_t event_signal(event_t) {
  signals++;
  return OK;
}

status_t event_watch(event_t) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  watches++;
  return OK;
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
    registrations = preemptions = signals = watches = 0;
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
  EXPECT_EQ(signals, 0);
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
  EXPECT_EQ(watches, 1);
  Tick();
  EXPECT_EQ(Code(timer_cycles_to_nanoseconds(1).status), STATUS_WOULD_BLOCK);
  Tick();
  EXPECT_EQ(signals, 1);
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
  deterministic = true;
  Start();
  host_cycles += 100;
  EXPECT_EQ(Code(timer_wait_until({100})), STATUS_OK);
  EXPECT_EQ(watches, 0);
}

TEST_F(TimerTest, WaitUntil_Future_IsSignalledOnceWhenItHasCome) {
  deterministic = true;
  Start();
  EXPECT_EQ(Code(timer_wait_until({5000000})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(Code(timer_wait_until({3000000})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(Code(timer_wait_until({9000000})), STATUS_WOULD_BLOCK);
  EXPECT_EQ(watches, 3);
  host_cycles += 2999999;
  EXPECT_EQ(Code(timer_interrupt()), STATUS_OK);
  EXPECT_EQ(signals, 0);
  host_cycles += 1;
  EXPECT_EQ(Code(timer_interrupt()), STATUS_OK);
  EXPECT_EQ(Code(timer_interrupt()), STATUS_OK);
  EXPECT_EQ(signals, 1);
  EXPECT_EQ(Code(timer_wait_until({3000000})), STATUS_OK);
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
