// SPDX-License-Identifier: MIT
/// @file
/// The clock: its sources, how it is calibrated, and what happens where none ticks.
#include "cells/timer/fake_world.h"

namespace {

class ClockTest : public TimerTest {
 protected:
  static void UseHpet() { world.hpet.start_status = OK; }

  // Asks for silence to be noticed, as a sleeper does.
  static void AskOften(int times, uint64_t cycles_each) {
    for (int i = 0; i < times; i++) {
      PassCycles(cycles_each);
      EXPECT_EQ(Code(timer_wait_until({1000000000})), STATUS_WOULD_BLOCK);
      EXPECT_TRUE(world.events.HasMoved() || timer_ticks().value != 0) << "he must not sleep";
    }
  }
};

TEST_F(ClockTest, Initialize_HpetThere_UsesIt) {
  UseHpet();
  world.hpet.line = 11;
  Start();
  EXPECT_EQ(world.registrations, 1);
  EXPECT_EQ(world.registered_line, 11u);
  EXPECT_EQ(world.registered_name, "timer/hpet");
  EXPECT_EQ(world.pit.starts, 0);
}

TEST_F(ClockTest, Initialize_NoHpet_UsesThePit) {
  for (const status_t status :
       {ERR(NOT_FOUND), ERR(IO_ERROR), ERR(UNSUPPORTED), ERR(UNAVAILABLE)}) {
    ForgetState();
    world.hpet.start_status = status;
    Start();
    EXPECT_EQ(world.registered_line, 0u);
    EXPECT_EQ(world.registered_name, "timer/pit");
  }
}

TEST_F(ClockTest, Initialize_PitForced_LeavesTheHpetAlone) {
  UseHpet();
  world.forced = true;
  Start();
  EXPECT_EQ(world.hpet.starts, 0);
  EXPECT_EQ(world.registered_name, "timer/pit");
}

TEST_F(ClockTest, Initialize_Always_TicksAreTheWatchdogs) {
  UseHpet();
  world.hpet.line = 11;
  Start();
  Start();
  EXPECT_EQ(world.watched, (std::vector<uint64_t>{11, 11}));
  EXPECT_TRUE(world.lines.empty());
}

TEST_F(ClockTest, Initialize_LineCannotBeWatched_TicksAllTheSameAndSaysSo) {
  world.watch_status = ERR(UNSUPPORTED);
  Start();
  EXPECT_EQ(world.lines,
            std::vector<std::string>{"no watchdog: a call that never ends is not ended"});
}

TEST_F(ClockTest, Initialize_WatchdogOff_LeavesTheLineAlone) {
  world.unwatched = true;
  Start();
  EXPECT_TRUE(world.watched.empty());
  EXPECT_TRUE(world.lines.empty());
}

TEST_F(ClockTest, Initialize_NoSourceAtAll_TellsWhy) {
  world.pit.start_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(timer_initialize()), STATUS_UNAVAILABLE);
  EXPECT_EQ(world.registrations, 0);
}

TEST_F(ClockTest, Initialize_SourceWithoutFrequency_IsInternal) {
  world.pit.hertz = 0;
  EXPECT_EQ(Code(timer_initialize()), STATUS_INTERNAL);
}

TEST_F(ClockTest, Initialize_DispatchGone_TellsWhy) {
  world.register_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(timer_initialize()), STATUS_UNAVAILABLE);
}

TEST_F(ClockTest, Interrupt_BeforeInitialize_IsUnavailable) {
  EXPECT_EQ(Code(timer_interrupt()), STATUS_UNAVAILABLE);
  EXPECT_EQ(timer_ticks().value, 0u);
}

TEST_F(ClockTest, Interrupt_Each_CountsAndAsksForPreemption) {
  Start();
  for (int i = 0; i < 5; i++) Tick();
  EXPECT_EQ(timer_ticks().value, 5u);
  EXPECT_EQ(world.preemptions, 5);
  EXPECT_EQ(world.events.signals, 0);
}

TEST_F(ClockTest, Now_Calibrated_FollowsTheCycleCounter) {
  Start();
  for (int i = 0; i < 100; i++) Tick();
  const uint64_t before = Now();
  EXPECT_NEAR(static_cast<double>(before), 99e6, 1e5);
  Pass(1234);
  EXPECT_NEAR(static_cast<double>(Now() - before), 1234e6, 1234e6 / 1000);
}

TEST_F(ClockTest, Now_WhileCalibrating_NeverGoesBack) {
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

TEST_F(ClockTest, Calibration_MergedTicks_IsStillExact) {
  Start();
  for (int i = 0; i < 40; i++) Tick(i % 3 == 0 ? 20 : 1);
  const u64_result_t second = timer_cycles_to_nanoseconds(2500000000);
  EXPECT_NEAR(static_cast<double>(second.value), 1e9, 1e6);
}

TEST_F(ClockTest, Calibration_EmulatorStopped_IsNotFooled) {
  Start();
  // Channel 2 wraps during the stop, so this window is wrong.
  Tick();
  Tick(10);
  Tick(100);
  for (int i = 0; i < 200; i++) Tick();
  const u64_result_t second = timer_cycles_to_nanoseconds(2500000000);
  EXPECT_NEAR(static_cast<double>(second.value), 1e9, 1e6);
}

TEST_F(ClockTest, Calibration_NoChannel2_CountsTicks) {
  world.pit.running = false;
  Start();
  for (int i = 0; i < 200; i++) Tick(1193 / world.pit.hertz * 1000);
  const u64_result_t second = timer_cycles_to_nanoseconds(2500000000);
  EXPECT_NEAR(static_cast<double>(second.value), 1e9, 1e6);
}

TEST_F(ClockTest, Calibration_ByHpet_IsExactAndSaidOnce) {
  UseHpet();
  megahertz_ = 3141.6;
  Start();
  EXPECT_TRUE(world.lines.empty());
  for (int i = 0; i < 200; i++) Tick();
  const u64_result_t second = timer_cycles_to_nanoseconds(3141600000);
  EXPECT_NEAR(static_cast<double>(second.value), 1e9, 1e5);
  EXPECT_EQ(world.lines, std::vector<std::string>{"ticks from hpet, TSC 3142 MHz"});
}

TEST_F(ClockTest, Calibration_ByPit_IsSaidOnce) {
  Start();
  for (int i = 0; i < 200; i++) Tick();
  EXPECT_EQ(world.lines, std::vector<std::string>{"ticks from pit, TSC 2500 MHz"});
}

TEST_F(ClockTest, Calibration_StoppedForLong_IsNotFooled) {
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

TEST_F(ClockTest, Calibration_CounterAwayForAWhile_GoesOn) {
  UseHpet();
  Start();
  for (int i = 0; i < 10; i++) Tick();
  world.hpet.counter_status = ERR(UNAVAILABLE);
  for (int i = 0; i < 10; i++) Tick();
  EXPECT_EQ(timer_ticks().value, 20u);
  world.hpet.counter_status = OK;
  for (int i = 0; i < 100; i++) Tick();
  const u64_result_t second = timer_cycles_to_nanoseconds(2500000000);
  EXPECT_NEAR(static_cast<double>(second.value), 1e9, 1e6);
}

TEST_F(ClockTest, CyclesToNanoseconds_BeforeTheSecondTick_WouldBlock) {
  Start();
  EXPECT_EQ(Code(timer_cycles_to_nanoseconds(1).status), STATUS_WOULD_BLOCK);
  EXPECT_TRUE(world.events.HasMoved()) << "nobody sleeps before the first tick";
  Tick();
  EXPECT_EQ(Code(timer_cycles_to_nanoseconds(1).status), STATUS_WOULD_BLOCK);
  EXPECT_FALSE(world.events.HasMoved());
  Tick();
  EXPECT_TRUE(world.events.HasMoved());
  const u64_result_t estimate = timer_cycles_to_nanoseconds(2500000000);
  EXPECT_NEAR(static_cast<double>(estimate.value), 1e9, 1e7);
}

TEST_F(ClockTest, CyclesToNanoseconds_AHundredYears_DoNotOverflow) {
  world.deterministic = true;
  Start();
  const uint64_t century = UINT64_C(3155760000) * 1000000000;
  EXPECT_EQ(timer_cycles_to_nanoseconds(century).value, century);
}

TEST_F(ClockTest, DeterministicTime_OneCycle_IsOneNanosecond) {
  world.deterministic = true;
  Start();
  EXPECT_EQ(Now(), 0u);
  PassCycles(12345);
  EXPECT_EQ(Now(), 12345u);
  EXPECT_EQ(timer_cycles_to_nanoseconds(77).value, 77u);
  EXPECT_EQ(world.lines, std::vector<std::string>{"ticks from pit, TSC 1000 MHz"});
}

TEST_F(ClockTest, Now_OtherProcessorBehind_NeverGoesBack) {
  StartDeterministic();
  SetCycles(kBase + 5000);
  EXPECT_EQ(Now(), 5000u);
  SetCycles(kBase + 4000);
  EXPECT_EQ(Now(), 5000u);
  EXPECT_EQ(Code(timer_interrupt()), STATUS_OK);
  SetCycles(kBase - 1);
  EXPECT_EQ(Now(), 5000u) << "before the moment from which time is counted";
  SetCycles(kBase + 5001);
  EXPECT_EQ(Now(), 5001u);
}

TEST_F(ClockTest, Silence_HpetNeverTicks_ThePitTakesOver) {
  UseHpet();
  world.hpet.line = 11;
  Start();
  AskOften(999, uint64_t{1} << 24);
  EXPECT_EQ(world.registrations, 1) << "not often enough";
  AskOften(2, uint64_t{1} << 24);
  EXPECT_EQ(world.stops, 1);
  EXPECT_EQ(world.unregistrations, 1);
  EXPECT_EQ(world.registrations, 2);
  EXPECT_EQ(world.registered_line, 0u);
  EXPECT_EQ(world.registered_name, "timer/pit");
  EXPECT_EQ(world.lines, std::vector<std::string>{"hpet does not tick; the pit takes over"});
  for (int i = 0; i < 200; i++) Tick();
  EXPECT_EQ(world.lines.back(), "ticks from pit, TSC 2500 MHz");
  EXPECT_NEAR(static_cast<double>(Now()), 199e6, 1e6);
  EXPECT_EQ(Code(timer_wait_until({1000000000})), STATUS_WOULD_BLOCK);
  EXPECT_FALSE(world.events.HasMoved()) << "now he may sleep";
  // The next instance does not try again.
  const int tried = world.hpet.starts;
  Start();
  EXPECT_EQ(world.hpet.starts, tried);
  EXPECT_EQ(Code(timer_reset()), STATUS_OK);
  EXPECT_EQ(world.hpet.starts, tried);
}

TEST_F(ClockTest, Silence_Short_IsNoFault) {
  UseHpet();
  Start();
  AskOften(5000, 1000);
  EXPECT_EQ(world.stops, 0) << "often, but not for long";
  ForgetState();
  Start();
  AskOften(5, uint64_t{1} << 40);
  EXPECT_EQ(world.stops, 0) << "long, but the machine was stopped itself";
  Tick();
  AskOften(5000, uint64_t{1} << 30);
  EXPECT_EQ(world.stops, 0) << "one tick is enough";
  Start();
  EXPECT_EQ(Code(timer_wait_until({UINT64_MAX})), STATUS_WOULD_BLOCK);
  EXPECT_FALSE(world.events.HasMoved()) << "the next instance takes that over";
}

TEST_F(ClockTest, Silence_InAHandler_ChangesNothing) {
  UseHpet();
  Start();
  world.in_a_step = false;
  for (int i = 0; i < 5000; i++) {
    PassCycles(uint64_t{1} << 30);
    EXPECT_EQ(Now(), 0u);
  }
  EXPECT_EQ(world.stops, 0);
  world.in_a_step = true;
  for (int i = 0; i < 1001; i++) {
    PassCycles(uint64_t{1} << 30);
    EXPECT_EQ(Now(), 0u);
  }
  EXPECT_EQ(world.stops, 1);
}

TEST_F(ClockTest, Silence_OfThePitToo_IsSaidOnceAndSleepersSleep) {
  UseHpet();
  Start();
  AskOften(1001, uint64_t{1} << 30);
  AskOften(999, uint64_t{1} << 30);
  for (int i = 0; i < 100; i++) EXPECT_FALSE(status_is_ok(timer_wait_until({1000})));
  EXPECT_FALSE(world.events.HasMoved());
  EXPECT_EQ(world.lines, (std::vector<std::string>{"hpet does not tick; the pit takes over",
                                                   "pit does not tick; time stands still"}));
  // Should it come round, it is welcome.
  for (int i = 0; i < 3; i++) Tick();
  EXPECT_TRUE(world.events.HasMoved());
}

TEST_F(ClockTest, Silence_PitCannotStart_IsTriedByTheNextInstance) {
  UseHpet();
  Start();
  world.pit.start_status = ERR(UNAVAILABLE);
  AskOften(1001, uint64_t{1} << 30);
  EXPECT_EQ(world.registrations, 1);
  world.pit.start_status = OK;
  Start();
  EXPECT_EQ(world.registered_name, "timer/pit");
}

TEST_F(ClockTest, Initialize_SourceChangesWhileCalibrating_TheClockGoesOn) {
  Start();
  for (int i = 0; i < 10; i++) Tick();
  const uint64_t before = Now();
  UseHpet();
  Start();
  EXPECT_EQ(world.registered_name, "timer/hpet");
  for (int i = 0; i < 10; i++) Tick();
  EXPECT_NEAR(static_cast<double>(Now() - before), 9e6, 1e5);
}

TEST_F(ClockTest, Reset_Always_KeepsTheClock) {
  Start();
  for (int i = 0; i < 10; i++) Tick();
  const uint64_t before = timer_now().value.count;
  EXPECT_EQ(Code(timer_reset()), STATUS_OK);
  EXPECT_GE(timer_now().value.count, before);
  Tick();
  EXPECT_EQ(timer_ticks().value, 11u);
  EXPECT_EQ(world.registrations, 1);
}

}  // namespace
