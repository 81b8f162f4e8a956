// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "cells/scheduler_policy_round_robin/scheduler_policy.h"
#include "testing/scheduling/simulation.h"

namespace {

uint64_t Place(task_schedule_t *schedule, uint64_t reason, uint64_t sequence) {
  const u64_result_t placed = scheduler_policy_place(schedule, reason, 1, sequence, 1);
  EXPECT_TRUE(status_is_ok(placed.status));
  EXPECT_EQ(placed.value, 0x6f697270u);  // "prio"
  return schedule->key;
}

uint64_t KeyOf(uint64_t priority, uint64_t sequence) {
  task_schedule_t schedule = {};
  schedule.priority = priority;
  return Place(&schedule, kScheduleReady, sequence);
}

TEST(SchedulerPolicyPriorityTest, Place_MoreUrgent_ComesBeforeWhoeverWaitedLonger) {
  for (uint64_t priority = 0; priority + 1 < kSchedulePriorities; priority++) {
    EXPECT_LT(KeyOf(priority, uint64_t{1} << 50), KeyOf(priority + 1, 0));
  }
  EXPECT_LT(KeyOf(5, 8), KeyOf(5, 9));
}

TEST(SchedulerPolicyPriorityTest, Place_PriorityOutOfRange_IsTheLeast) {
  EXPECT_EQ(KeyOf(1000, 7), KeyOf(63, 7));
  EXPECT_EQ(KeyOf(UINT64_MAX, 7), KeyOf(63, 7));
}

TEST(SchedulerPolicyPriorityTest, Place_PriorityChanged_CountsAtTheNextTick) {
  task_schedule_t schedule = {};
  schedule.priority = 9;
  Place(&schedule, kScheduleReady, 5);
  schedule.priority = 3;
  EXPECT_EQ(Place(&schedule, kScheduleTick, 6), KeyOf(3, 5));
}

// After each tick no task that is ready is more urgent than one that runs.
void WatchOrder(Simulation *simulation) {
  simulation->at_tick = [simulation] {
    uint64_t running = 0;
    for (const int64_t index : simulation->running) {
      if (index < 0) continue;
      running = std::max(running, simulation->tasks[static_cast<size_t>(index)].plan.priority);
    }
    for (const SimulatedTask &task : simulation->tasks) {
      if (task.status == SimulatedStatus::kReady) ASSERT_GE(task.plan.priority, running);
    }
  };
}

void ExpectSound(const Simulation &simulation) {
  EXPECT_EQ(simulation.lost, 0u);
  EXPECT_EQ(simulation.twice, 0u);
  EXPECT_EQ(simulation.errors, 0u);
}

TEST(SchedulerPolicyPriorityTest, Simulation_Strict_AtEveryTick) {
  for (const uint64_t processors : {1, 2, 4}) {
    Simulation simulation(processors);
    for (uint64_t i = 0; i < 40; i++) {
      Plan plan;
      plan.priority = i * 13 % 64;
      plan.work = 100000 + 217777 * (i % 9);
      plan.pause = kMillisecond * (3 + i % 17);
      if (i % 5 == 0) plan.yield_after = 90000;
      simulation.Add(plan);
    }
    Plan busy;
    busy.priority = 63;
    simulation.Add(busy);
    WatchOrder(&simulation);
    simulation.Run(5 * kSecond);
    ExpectSound(simulation);
  }
}

TEST(SchedulerPolicyPriorityTest, Simulation_Equals_TakeTurnsAndTheLessUrgentStarve) {
  Simulation simulation(2);
  for (int i = 0; i < 5; i++) simulation.Add({});
  Plan less;
  less.priority = kScheduleUsualPriority + 1;
  const size_t starved = simulation.Add(less);
  WatchOrder(&simulation);
  simulation.Run(10 * kSecond);
  uint64_t least = UINT64_MAX;
  uint64_t most = 0;
  for (size_t i = 0; i < 5; i++) {
    least = std::min(least, simulation.tasks[i].ran);
    most = std::max(most, simulation.tasks[i].ran);
  }
  EXPECT_LE(most - least, 10 * kTickCycles);
  EXPECT_EQ(simulation.tasks[starved].ran, 0u);
  ExpectSound(simulation);
}

}  // namespace
