// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "cells/scheduler_policy_round_robin/scheduler_policy.h"
#include "testing/scheduling/simulation.h"

namespace {

constexpr uint64_t kSlice = 10 * kTickCycles;

uint64_t Place(task_schedule_t *schedule, uint64_t reason, uint64_t sequence) {
  const u64_result_t placed = scheduler_policy_place(schedule, reason, 1, sequence, 1);
  EXPECT_TRUE(status_is_ok(placed.status));
  EXPECT_EQ(placed.value, 0x626f7272u);  // "rrob"
  return schedule->key;
}

TEST(SchedulerPolicyRoundRobinTest, Place_NewTask_GoesToTheEnd) {
  task_schedule_t schedule = {};
  EXPECT_EQ(Place(&schedule, kScheduleReady, 77), 77u);
}

TEST(SchedulerPolicyRoundRobinTest, Place_Tick_KeepsThePlaceUntilTheSliceIsUsed) {
  task_schedule_t schedule = {};
  Place(&schedule, kScheduleReady, 5);
  for (uint64_t tick = 1; tick < 10; tick++) {
    schedule.ran = kTickCycles;
    EXPECT_EQ(Place(&schedule, kScheduleTick, 100 + tick), 5u);
    EXPECT_EQ(schedule.ran, 0u) << "would be counted twice";
  }
  schedule.ran = kTickCycles;
  EXPECT_EQ(Place(&schedule, kScheduleTick, 200), 200u);
}

TEST(SchedulerPolicyRoundRobinTest, Place_RanTooLong_IsTakenOffTheNextSlice) {
  task_schedule_t schedule = {};
  Place(&schedule, kScheduleReady, 5);
  schedule.ran = kSlice + kSlice / 2;
  EXPECT_EQ(Place(&schedule, kScheduleTick, 6), 6u);
  schedule.ran = kSlice / 2;
  EXPECT_EQ(Place(&schedule, kScheduleTick, 7), 7u);
}

TEST(SchedulerPolicyRoundRobinTest, Place_YieldReadyAgain_GoToTheEndWithAFreshSlice) {
  for (const uint64_t reason : {kScheduleYield, kScheduleReady, kScheduleAgain}) {
    task_schedule_t schedule = {};
    Place(&schedule, kScheduleReady, 5);
    schedule.ran = kSlice - 1;
    EXPECT_EQ(Place(&schedule, reason, 6), 6u);
    schedule.ran = kSlice - 1;
    EXPECT_EQ(Place(&schedule, kScheduleTick, 7), 6u);
  }
}

TEST(SchedulerPolicyRoundRobinTest, Place_ForeignData_IsNotTakenForItsOwn) {
  task_schedule_t schedule = {};
  schedule.policy[0] = 1;
  schedule.policy[1] = 0x6972616600000000;  // "fair"
  EXPECT_EQ(Place(&schedule, kScheduleTick, 50), 50u);
}

TEST(SchedulerPolicyRoundRobinTest, Place_ExtremeNumbers_DoNoHarm) {
  task_schedule_t schedule = {};
  Place(&schedule, kScheduleReady, 5);
  schedule.ran = UINT64_MAX - UINT32_MAX;
  EXPECT_EQ(Place(&schedule, kScheduleTick, UINT64_MAX), UINT64_MAX);
  // A counter that went back does not keep the task behind all others.
  EXPECT_EQ(Place(&schedule, kScheduleTick, 3), 3u);
}

void ExpectSound(const Simulation &simulation) {
  EXPECT_EQ(simulation.lost, 0u);
  EXPECT_EQ(simulation.twice, 0u);
  EXPECT_EQ(simulation.errors, 0u);
}

TEST(SchedulerPolicyRoundRobinTest, Simulation_Busy_AreEqualWithinOneSlice) {
  for (const uint64_t processors : {1, 2, 3, 5}) {
    Simulation simulation(processors);
    for (int i = 0; i < 7; i++) simulation.Add({});
    for (int second = 1; second <= 10; second++) {
      simulation.Run(static_cast<uint64_t>(second) * kSecond);
      const auto [least, most] = std::minmax_element(
          simulation.tasks.begin(), simulation.tasks.end(),
          [](const SimulatedTask &a, const SimulatedTask &b) { return a.ran < b.ran; });
      EXPECT_LE(most->ran - least->ran, kSlice);
      EXPECT_EQ(simulation.idle, 0u);
    }
    ExpectSound(simulation);
  }
}

TEST(SchedulerPolicyRoundRobinTest, Simulation_WithOthersThatWaitAndYield_BusyAreStillEqual) {
  Simulation simulation(2);
  for (int i = 0; i < 5; i++) simulation.Add({});
  for (uint64_t i = 0; i < 6; i++) {
    Plan waits;
    waits.work = 300000 + 71111 * i;
    waits.pause = 7 * kMillisecond + 12345 * i;
    simulation.Add(waits);
    Plan yields;
    yields.yield_after = 400000 + 33333 * i;
    simulation.Add(yields);
  }
  simulation.Run(20 * kSecond);
  uint64_t least = UINT64_MAX;
  uint64_t most = 0;
  for (size_t i = 0; i < 5; i++) {
    least = std::min(least, simulation.tasks[i].ran);
    most = std::max(most, simulation.tasks[i].ran);
  }
  EXPECT_LE(most - least, kSlice);
  EXPECT_GT(least, kSecond);
  for (const SimulatedTask &task : simulation.tasks) {
    // All others once, a slice each, on two processors; and what a slice may run over.
    EXPECT_LE(task.longest_wait, 17 * (kSlice + 2 * kTickCycles) / 2);
    EXPECT_GT(task.ran, 0u);
  }
  ExpectSound(simulation);
}

}  // namespace
