// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "cells/scheduler_policy_round_robin/scheduler_policy.h"
#include "testing/scheduling/simulation.h"

namespace {

uint64_t Place(task_schedule_t *schedule, uint64_t reason, uint64_t floor) {
  const u64_result_t placed = scheduler_policy_place(schedule, reason, 1, 1, floor);
  EXPECT_TRUE(status_is_ok(placed.status));
  EXPECT_EQ(placed.value, 0x72696166u);  // "fair"
  return schedule->key;
}

task_schedule_t Weighted(uint64_t weight) {
  task_schedule_t schedule = {};
  schedule.weight = weight;
  return schedule;
}

TEST(SchedulerPolicyFairTest, Place_Ran_AdvancesByItsShare) {
  task_schedule_t light = Weighted(512);
  task_schedule_t heavy = Weighted(2048);
  const uint64_t start = Place(&light, kScheduleAgain, 1000);
  EXPECT_EQ(Place(&heavy, kScheduleAgain, 1000), start);
  light.ran = heavy.ran = 1 << 20;
  EXPECT_EQ(Place(&light, kScheduleTick, 1000), start + 2048);
  EXPECT_EQ(Place(&heavy, kScheduleTick, 1000), start + 512);
  EXPECT_EQ(light.ran, 0u) << "would be counted twice";
}

TEST(SchedulerPolicyFairTest, Place_ManySmallPieces_AddUpExactly) {
  task_schedule_t schedule = Weighted(1000);
  const uint64_t start = Place(&schedule, kScheduleAgain, 50);
  for (int i = 0; i < 10000; i++) {
    schedule.ran = 7;
    Place(&schedule, kScheduleYield, 50);
  }
  EXPECT_EQ(schedule.key, start + 70);
}

TEST(SchedulerPolicyFairTest, Place_AfterALongWait_ComesSoonButHasNothingSavedUp) {
  const uint64_t floor = 1000000000;
  task_schedule_t schedule = Weighted(1024);
  Place(&schedule, kScheduleAgain, 5);
  const uint64_t key = Place(&schedule, kScheduleReady, floor);
  EXPECT_LT(key, floor);
  EXPECT_GE(key, floor - 10 * kTickCycles / 1024);
}

TEST(SchedulerPolicyFairTest, Place_AheadOfTheQueue_WaitsForIt) {
  task_schedule_t schedule = Weighted(1);
  const uint64_t start = Place(&schedule, kScheduleAgain, 5);
  schedule.ran = kSecond;
  Place(&schedule, kScheduleTick, 5);
  EXPECT_EQ(Place(&schedule, kScheduleReady, 5), start + kSecond);
}

TEST(SchedulerPolicyFairTest, Place_ForeignData_BeginsAtTheFloor) {
  task_schedule_t schedule = Weighted(1024);
  schedule.policy[0] = 123;
  schedule.policy[1] = 0x626f727200000000;  // "rrob"
  EXPECT_EQ(Place(&schedule, kScheduleTick, 9999), 9999u);
}

TEST(SchedulerPolicyFairTest, Place_AHundredYears_DoNotOverflow) {
  const uint64_t years = UINT64_C(100) * 366 * 24 * 3600 * 5000000000;  // cycles at 5 GHz
  task_schedule_t lightest = Weighted(1);
  Place(&lightest, kScheduleAgain, 0);
  lightest.ran = years;
  EXPECT_EQ(Place(&lightest, kScheduleTick, 0), years);
  task_schedule_t heaviest = Weighted(UINT64_MAX);
  Place(&heaviest, kScheduleAgain, 0);
  heaviest.ran = years;
  EXPECT_EQ(Place(&heaviest, kScheduleTick, 0), years / UINT32_MAX);
  // Past the end they stay there, and run in turn.
  lightest.ran = UINT64_MAX;
  EXPECT_EQ(Place(&lightest, kScheduleTick, UINT64_MAX), UINT64_MAX);
  task_schedule_t none = Weighted(0);
  EXPECT_EQ(Place(&none, kScheduleReady, UINT64_MAX), UINT64_MAX);
}

void ExpectSound(const Simulation &simulation) {
  EXPECT_EQ(simulation.lost, 0u);
  EXPECT_EQ(simulation.twice, 0u);
  EXPECT_EQ(simulation.errors, 0u);
}

// The first tasks, one of each weight, share what all of them had within 1 %.
void ExpectShares(const Simulation &simulation, const std::vector<uint64_t> &weights) {
  uint64_t ran = 0;
  uint64_t weight = 0;
  for (size_t i = 0; i < weights.size(); i++) {
    ran += simulation.tasks[i].ran;
    weight += weights[i];
  }
  for (size_t i = 0; i < weights.size(); i++) {
    const double wanted =
        static_cast<double>(ran) * static_cast<double>(weights[i]) / static_cast<double>(weight);
    EXPECT_NEAR(static_cast<double>(simulation.tasks[i].ran) / wanted, 1.0, 0.01)
        << "weight " << weights[i];
  }
}

void AddWeights(Simulation *simulation, const std::vector<uint64_t> &weights) {
  for (const uint64_t weight : weights) {
    Plan plan;
    plan.weight = weight;
    simulation->Add(plan);
  }
}

TEST(SchedulerPolicyFairTest, Simulation_Busy_SharesAreTheWeights) {
  const std::vector<uint64_t> weights = {1024, 512, 2048, 1024, 256, 3000, 1024, 1536};
  for (const uint64_t processors : {1, 2, 3}) {
    Simulation simulation(processors);
    AddWeights(&simulation, weights);
    simulation.Run(20 * kSecond);
    ExpectShares(simulation, weights);
    EXPECT_EQ(simulation.idle, 0u);
    ExpectSound(simulation);
  }
}

TEST(SchedulerPolicyFairTest, Simulation_FarApartWeights_SharesAreTheWeights) {
  const std::vector<uint64_t> weights = {10, 1000, 300, 1000, 55};
  for (const uint64_t processors : {1, 2}) {
    Simulation simulation(processors);
    AddWeights(&simulation, weights);
    simulation.Run(60 * kSecond);
    ExpectShares(simulation, weights);
    ExpectSound(simulation);
  }
}

TEST(SchedulerPolicyFairTest, Simulation_WithOthersThatWaitAndYield_SharesAreTheWeights) {
  const std::vector<uint64_t> weights = {1024, 512, 2048, 1024, 1536};
  for (const uint64_t processors : {1, 2}) {
    Simulation simulation(processors);
    AddWeights(&simulation, weights);
    const size_t first_sleeper = simulation.tasks.size();
    for (uint64_t i = 0; i < 8; i++) {
      Plan waits;
      waits.work = 200000 + 31111 * i;
      waits.pause = 20 * kMillisecond + 12345 * i;
      simulation.Add(waits);
    }
    simulation.Run(kSecond);
    simulation.Reset();
    simulation.Run(21 * kSecond);
    ExpectShares(simulation, weights);
    for (size_t i = first_sleeper; i < simulation.tasks.size(); i++) {
      const SimulatedTask &task = simulation.tasks[i];
      // It wants less than its share, and gets it nearly at once.
      EXPECT_GT(task.jobs, 20 * kSecond * 8 / 10 / (task.plan.work + task.plan.pause));
      EXPECT_LT(task.longest_wait, 8 * kMillisecond);
    }
    ExpectSound(simulation);
  }
}

TEST(SchedulerPolicyFairTest, Simulation_WantsMoreThanItsShareWithPauses_GetsNoMore) {
  Simulation simulation(1);
  for (int i = 0; i < 3; i++) simulation.Add({});
  Plan greedy;
  greedy.work = 5 * kMillisecond;
  greedy.pause = kMillisecond / 2;
  const size_t index = simulation.Add(greedy);
  simulation.Run(20 * kSecond);
  EXPECT_LE(simulation.tasks[index].ran, 20 * kSecond / 4 * 101 / 100);
  EXPECT_GE(simulation.tasks[index].ran, 20 * kSecond / 4 * 95 / 100);
  ExpectSound(simulation);
}

// New tasks that end soon, without end, and as many as a processor can run.
TEST(SchedulerPolicyFairTest, Simulation_StreamOfNewTasks_StarvesNobody) {
  Simulation simulation(1);
  Plan light;
  light.weight = 64;
  const size_t index = simulation.Add(light);
  simulation.at_tick = [&simulation] {
    if (simulation.tasks.size() > 3000) return;
    for (int i = 0; i < 2; i++) {
      Plan brief;
      brief.work = 500000;
      brief.jobs = 1;
      simulation.Add(brief);
    }
  };
  simulation.Run(kSecond);
  EXPECT_GT(simulation.tasks[index].ran, 5 * kMillisecond);
  ExpectSound(simulation);
}

// One whose weight it cannot use, since it has one processor at most, saves up nothing.
TEST(SchedulerPolicyFairTest, Simulation_WeightThatCannotBeUsed_IsNoCreditLater) {
  Simulation simulation(2);
  Plan heavy;
  heavy.weight = 100 * 1024;
  const size_t first = simulation.Add(heavy);
  simulation.Add({});
  simulation.Add({});
  simulation.Run(20 * kSecond);
  EXPECT_GE(simulation.tasks[first].ran, 20 * kSecond * 99 / 100);
  heavy.weight = 1000 * 1024;
  simulation.Add(heavy);
  simulation.Add(heavy);
  simulation.Reset();
  simulation.Run(30 * kSecond);
  // 1000 : 1000 : 100 on two processors; all that it may save up is kLagCycles.
  EXPECT_LT(simulation.tasks[first].ran, 2 * 10 * kSecond * 100 / 2100 * 110 / 100);
  ExpectSound(simulation);
}

}  // namespace
