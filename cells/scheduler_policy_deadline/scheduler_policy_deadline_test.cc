// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "cells/scheduler_policy_round_robin/scheduler_policy.h"
#include "testing/scheduling/simulation.h"

namespace {

constexpr uint64_t kTurns = uint64_t{1} << 63;

uint64_t Place(task_schedule_t *schedule, uint64_t reason, uint64_t now, uint64_t sequence) {
  const u64_result_t placed = scheduler_policy_place(schedule, reason, now, sequence, 1);
  EXPECT_TRUE(status_is_ok(placed.status));
  EXPECT_EQ(placed.value, 0x64616564u);  // "dead"
  return schedule->key;
}

task_schedule_t WithDeadline(uint64_t released, uint64_t deadline) {
  task_schedule_t schedule = {};
  schedule.released = released;
  schedule.deadline = deadline;
  return schedule;
}

TEST(SchedulerPolicyDeadlineTest, Place_Ready_IsReleasePlusDeadline) {
  task_schedule_t schedule = WithDeadline(1000, 50);
  EXPECT_EQ(Place(&schedule, kScheduleReady, 2000, 1), 1050u);
  EXPECT_EQ(Place(&schedule, kScheduleTick, 3000, 2), 1050u);
  EXPECT_EQ(Place(&schedule, kScheduleAgain, 3000, 3), 1050u);
}

TEST(SchedulerPolicyDeadlineTest, Place_Yield_BeginsTheNextPiece) {
  task_schedule_t schedule = WithDeadline(1000, 50);
  Place(&schedule, kScheduleReady, 1000, 1);
  EXPECT_EQ(Place(&schedule, kScheduleYield, 1040, 2), 1090u);
  EXPECT_EQ(Place(&schedule, kScheduleTick, 1080, 3), 1090u);
  schedule.released = 5000;
  EXPECT_EQ(Place(&schedule, kScheduleReady, 5001, 4), 5050u);
}

TEST(SchedulerPolicyDeadlineTest, Place_None_ComesLastAndTakesTurns) {
  task_schedule_t schedule = {};
  EXPECT_EQ(Place(&schedule, kScheduleReady, 9, 5), kTurns | 5);
  schedule.ran = kTickCycles;
  EXPECT_EQ(Place(&schedule, kScheduleTick, 9, 6), kTurns | 5);
  schedule.ran = 10 * kTickCycles;
  EXPECT_EQ(Place(&schedule, kScheduleTick, 9, 7), kTurns | 7);
}

TEST(SchedulerPolicyDeadlineTest, Place_FarAway_StaysBeforeThoseWithout) {
  task_schedule_t schedule = WithDeadline(UINT64_MAX - 5, 100);
  EXPECT_EQ(Place(&schedule, kScheduleReady, 1, 1), kTurns - 1);
  schedule = WithDeadline(1, UINT64_MAX);
  EXPECT_EQ(Place(&schedule, kScheduleReady, 1, 1), kTurns - 1);
}

TEST(SchedulerPolicyDeadlineTest, Place_DeadlineGivenAndTaken_NumbersAreNotMixedUp) {
  task_schedule_t schedule = {};
  schedule.released = 70000;
  Place(&schedule, kScheduleReady, 70000, 5);
  schedule.deadline = 100;
  EXPECT_EQ(Place(&schedule, kScheduleTick, 80000, 6), 70100u);
  schedule.deadline = 0;
  EXPECT_EQ(Place(&schedule, kScheduleTick, 80000, 7), kTurns | 7);
}

TEST(SchedulerPolicyDeadlineTest, Place_RanLongerThanItsDeadline_TakesTurnsUntilItsNextPiece) {
  task_schedule_t schedule = WithDeadline(1000, 3 * kTickCycles);
  EXPECT_EQ(Place(&schedule, kScheduleReady, 1000, 1), 1000 + 3 * kTickCycles);
  for (uint64_t tick = 1; tick <= 3; tick++) {
    schedule.ran = kTickCycles;
    EXPECT_EQ(Place(&schedule, kScheduleTick, 1, 1 + tick), 1000 + 3 * kTickCycles);
  }
  schedule.ran = kTickCycles;
  EXPECT_EQ(Place(&schedule, kScheduleTick, 1, 9), kTurns | 9);
  schedule.ran = kTickCycles;
  EXPECT_EQ(Place(&schedule, kScheduleTick, 1, 10), kTurns | 9);
  EXPECT_EQ(Place(&schedule, kScheduleYield, 5000, 11), 5000 + 3 * kTickCycles);
}

void ExpectSound(const Simulation &simulation) {
  EXPECT_EQ(simulation.lost, 0u);
  EXPECT_EQ(simulation.twice, 0u);
  EXPECT_EQ(simulation.errors, 0u);
}

// A random set of periodic tasks, deadline = period, that together use `utilisation` of a
// processor.
void AddTasks(Simulation *simulation, std::mt19937 *random, double utilisation, int count) {
  double left = utilisation;
  for (int i = count; i > 0; i--) {
    const double fraction = std::generate_canonical<double, 32>(*random);
    const double rest = i == 1 ? 0 : left * std::pow(fraction, 1.0 / (i - 1));
    Plan plan;
    plan.period = kMillisecond * (3 + (*random)() % 98);
    plan.deadline = plan.period;
    // One processor is all that a task can use.
    const double use = std::min(left - rest, 1.0);
    plan.work = static_cast<uint64_t>(use * static_cast<double>(plan.period));
    plan.start = kMillisecond * ((*random)() % 50);
    if (plan.work > 0) simulation->Add(plan);
    left = rest;
  }
}

// After each tick nobody with an earlier deadline waits behind one that runs, and nobody without.
void WatchOrder(Simulation *simulation) {
  const auto due = [](const SimulatedTask &task) {
    return task.plan.deadline == 0 ? UINT64_MAX : task.schedule.released + task.plan.deadline;
  };
  simulation->at_tick = [simulation, due] {
    uint64_t running = 0;
    for (const int64_t index : simulation->running) {
      if (index >= 0)
        running = std::max(running, due(simulation->tasks[static_cast<size_t>(index)]));
    }
    for (const SimulatedTask &task : simulation->tasks) {
      if (task.status == SimulatedStatus::kReady) ASSERT_GE(due(task), running);
    }
  };
}

TEST(SchedulerPolicyDeadlineTest, Simulation_UpToFullUse_MeetsEveryDeadline) {
  std::mt19937 random(11);
  uint64_t jobs = 0;
  for (int set = 0; set < 150; set++) {
    Simulation simulation(1);
    AddTasks(&simulation, &random, set % 3 == 0 ? 1.0 : 0.5 + 0.003 * set, 2 + set % 11);
    // Whoever has no deadline takes what is left, and costs nobody else anything.
    for (int i = 0; i < set % 4; i++) simulation.Add({});
    WatchOrder(&simulation);
    simulation.Run(2 * kSecond);
    for (const SimulatedTask &task : simulation.tasks) {
      EXPECT_EQ(task.misses, 0u) << "set " << set;
      jobs += task.jobs;
    }
    ExpectSound(simulation);
  }
  EXPECT_GT(jobs, 10000u);
}

TEST(SchedulerPolicyDeadlineTest, Simulation_Overload_KeepsTheOrder) {
  std::mt19937 random(12);
  for (const uint64_t processors : {1, 3}) {
    Simulation simulation(processors);
    AddTasks(&simulation, &random, 1.4 * static_cast<double>(processors), 12);
    const size_t without = simulation.Add({});
    WatchOrder(&simulation);
    simulation.Run(5 * kSecond);
    uint64_t misses = 0;
    for (const SimulatedTask &task : simulation.tasks) misses += task.misses;
    EXPECT_GT(misses, 0u);
    // It has what was left before the overload built up.
    EXPECT_LT(simulation.tasks[without].ran, kSecond);
    ExpectSound(simulation);
  }
}

TEST(SchedulerPolicyDeadlineTest, Simulation_OneThatNeverEnds_LeavesRoomForOthers) {
  Simulation simulation(1);
  Plan endless;
  endless.deadline = 5 * kMillisecond;
  const size_t first = simulation.Add(endless);
  const size_t without = simulation.Add({});
  Plan periodic;
  periodic.work = 2 * kMillisecond;
  periodic.period = periodic.deadline = 10 * kMillisecond;
  periodic.start = 20 * kMillisecond;
  const size_t other = simulation.Add(periodic);
  simulation.Run(10 * kSecond);
  EXPECT_EQ(simulation.tasks[other].misses, 0u);
  EXPECT_NEAR(static_cast<double>(simulation.tasks[first].ran), 4e9, 4e7);
  EXPECT_NEAR(static_cast<double>(simulation.tasks[without].ran), 4e9, 4e7);
  ExpectSound(simulation);
}

TEST(SchedulerPolicyDeadlineTest, Simulation_OneThatGivesWay_LeavesRoomForOthers) {
  Simulation simulation(1);
  Plan endless;
  endless.deadline = 5 * kMillisecond;
  endless.yield_after = 200000;
  const size_t first = simulation.Add(endless);
  const size_t second = simulation.Add(endless);
  simulation.Run(kSecond);
  EXPECT_NEAR(static_cast<double>(simulation.tasks[first].ran),
              static_cast<double>(simulation.tasks[second].ran), 1e6);
  ExpectSound(simulation);
}

}  // namespace
