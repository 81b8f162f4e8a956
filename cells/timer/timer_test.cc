// SPDX-License-Identifier: MIT
#include "cells/timer/timer.h"

#include <gtest/gtest.h>

#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "nano_core/api/machine.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(timer_clock, 4096);

namespace {

constexpr double kHertz = 1193182;

bool deterministic;
int registrations;
int preemptions;
int signals;
int watches;
status_t register_status = {STATUS_OK};

uint32_t Code(status_t status) { return status.code; }

// An 8254 whose time the test moves on.
class Pit : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t port, int bytes) override {
    EXPECT_EQ(bytes, 1);
    if (port == 0x61) return speaker;
    EXPECT_EQ(port, 0x42);
    const uint32_t value = high ? latched >> 8 : latched & 0xff;
    high = !high;
    return value;
  }
  void WritePort(uint16_t port, uint32_t value, int) override {
    if (port == 0x61) speaker = value;
    if (port == 0x43 && value == 0x80) {
      const auto counts = static_cast<uint64_t>(seconds * kHertz);
      latched = running ? static_cast<uint32_t>(0x10000 - counts % 0x10000) & 0xffff : 0;
      high = false;
    }
    if (port == 0x43 && value == 0x34) mode_set = true;
    if (port == 0x40) divisor = divisor >> 8 | value << 8;
  }

  double seconds = 0;
  bool running = true;
  uint32_t speaker = 2;
  uint32_t latched = 0;
  bool high = false;
  bool mode_set = false;
  uint32_t divisor = 0;
};

}  // namespace

bool_result_t machine_option(text_t word) {
  EXPECT_TRUE(text_equal(word, TEXT("icount")));
  return {OK, deterministic};
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

status_t interrupt_dispatch_register(uint64_t line, reference_t handler, text_t) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(line, 0u);
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
    host_device = &pit_;
    host_cycles = 1000000;
    deterministic = false;
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
    pit_.seconds += milliseconds / 1000;
    host_cycles += static_cast<uint64_t>(milliseconds * megahertz_ * 1000);
  }
  uint64_t Now() { return timer_now().value.count; }

  Pit pit_;
  double megahertz_ = 2500;
};

TEST_F(TimerTest, Initialize_Always_ProgramsATickOfAMillisecond) {
  Start();
  EXPECT_TRUE(pit_.mode_set);
  EXPECT_EQ(pit_.divisor, 1193u);
  EXPECT_EQ(pit_.speaker, 1u);
  EXPECT_EQ(registrations, 1);
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
  pit_.running = false;
  Start();
  for (int i = 0; i < 200; i++) Tick(1193 / kHertz * 1000);
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

}  // namespace
