// SPDX-License-Identifier: MIT
// Policies take over from each other while hundreds of tasks run.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "cells/scheduler/scheduler.h"
#include "testing/scheduling/simulation.h"

#define POLICY(name)                                                                             \
  extern "C" u64_result_t place_##name(task_schedule_t *schedule, uint64_t reason, uint64_t now, \
                                       uint64_t sequence, uint64_t floor)
POLICY(round_robin);
POLICY(priority);
POLICY(deadline);
POLICY(fair);

namespace {

enum Policy { kRoundRobin, kPriority, kDeadline, kFair, kPolicies };

Policy serving;
uint32_t failure;  // what asking the policy answers, if not OK

}  // namespace

extern "C" u64_result_t scheduler_policy_place(task_schedule_t *schedule, uint64_t reason,
                                               uint64_t now, uint64_t sequence, uint64_t floor) {
  if (failure != STATUS_OK) return {{failure}, 0};
  switch (serving) {
    case kPriority:
      return place_priority(schedule, reason, now, sequence, floor);
    case kDeadline:
      return place_deadline(schedule, reason, now, sequence, floor);
    case kFair:
      return place_fair(schedule, reason, now, sequence, floor);
    default:
      return place_round_robin(schedule, reason, now, sequence, floor);
  }
}

namespace {

class PolicySwapTest : public ::testing::Test {
 protected:
  void SetUp() override {
    serving = kRoundRobin;
    failure = STATUS_OK;
  }

  static void ExpectSound(const Simulation &simulation) {
    EXPECT_EQ(simulation.lost, 0u);
    EXPECT_EQ(simulation.twice, 0u);
    EXPECT_EQ(simulation.errors, 0u);
  }
};

// Tasks of every kind; the busy ones come first.
constexpr size_t kBusy = 24;
constexpr uint64_t kProcessors_ = 4;

void AddTasks(Simulation *simulation) {
  for (uint64_t i = 0; i < kBusy; i++) {
    Plan plan;
    plan.weight = 512 * (1 + i % 4);
    simulation->Add(plan);
  }
  for (uint64_t i = 0; i < 276; i++) {
    Plan plan;
    plan.work = 20000 + 371 * i;
    plan.pause = 90 * kMillisecond + 1234567 * (i % 31);
    plan.start = i * 123457;
    plan.priority = i % 60;
    if (i % 3 == 0) plan.yield_after = 9000 + 77 * i;
    if (i % 4 == 0) {
      plan.pause = 0;
      plan.period = 100 * kMillisecond + kMillisecond * (i % 50);
      plan.deadline = plan.period;
    }
    simulation->Add(plan);
  }
}

void ExpectWeights(const Simulation &simulation) {
  uint64_t ran = 0;
  uint64_t weight = 0;
  for (size_t i = 0; i < kBusy; i++) {
    ran += simulation.tasks[i].ran;
    weight += simulation.tasks[i].plan.weight;
  }
  for (size_t i = 0; i < kBusy; i++) {
    const SimulatedTask &task = simulation.tasks[i];
    const double wanted = static_cast<double>(ran) * static_cast<double>(task.plan.weight) /
                          static_cast<double>(weight);
    EXPECT_NEAR(static_cast<double>(task.ran) / wanted, 1.0, 0.01) << i;
  }
}

void ExpectEqual(const Simulation &simulation) {
  uint64_t least = UINT64_MAX;
  uint64_t most = 0;
  for (size_t i = 0; i < kBusy; i++) {
    least = std::min(least, simulation.tasks[i].ran);
    most = std::max(most, simulation.tasks[i].ran);
  }
  // A slice, and as much as one may have been under way when the counting began.
  EXPECT_LE(most - least, 20 * kTickCycles);
}

void ExpectDeadlines(const Simulation &simulation) {
  for (const SimulatedTask &task : simulation.tasks) {
    if (task.plan.deadline == 0) continue;
    EXPECT_EQ(task.misses, 0u);
    EXPECT_GT(task.jobs, 10u);
  }
}

// Tasks that want little, and are more urgent than the busy ones, are not kept waiting by these.
void ExpectPriorities(const Simulation &simulation) {
  for (const SimulatedTask &task : simulation.tasks) {
    if (task.plan.work == kForever || task.plan.priority >= kScheduleUsualPriority) continue;
    EXPECT_LT(task.longest_wait, 40 * kMillisecond);
    EXPECT_GT(task.jobs, 5u);
  }
}

void Measure(Simulation *simulation, Policy policy) {
  simulation->Reset();
  simulation->Run(simulation->now + 4 * kSecond);
  switch (policy) {
    case kPriority:
      return ExpectPriorities(*simulation);
    case kDeadline:
      return ExpectDeadlines(*simulation);
    case kFair:
      return ExpectWeights(*simulation);
    default:
      return ExpectEqual(*simulation);
  }
}

// Every policy after every other one, each twice, in a different order.
TEST_F(PolicySwapTest, Swap_AllPairs_NoneIsLostAndEachKeepsWhatItPromises) {
  Simulation simulation(kProcessors_);
  AddTasks(&simulation);
  simulation.Run(kSecond);
  const std::vector<int> order = {0, 1, 2, 3, 0, 2, 0, 3, 1, 0, 3, 2, 1,
                                  3, 0, 1, 2, 3, 1, 0, 2, 1, 3, 0, 2, 0};
  std::vector<bool> pairs(kPolicies * kPolicies);
  for (size_t i = 0; i < order.size(); i++) {
    const auto next = static_cast<Policy>(order[i]);
    if (next != serving) pairs[static_cast<size_t>(serving * kPolicies + next)] = true;
    SCOPED_TRACE("from " + std::to_string(serving) + " to " + std::to_string(next));
    serving = next;
    simulation.Run(simulation.now + 200 * kMillisecond);
    Measure(&simulation, next);
    ExpectSound(simulation);
  }
  EXPECT_EQ(std::count(pairs.begin(), pairs.end(), true), 12);
  EXPECT_GE(simulation.dropped_queues, 20u);
  EXPECT_EQ(simulation.idle, 0u);
}

// In the midst of anything, and much faster than any policy comes to bear.
TEST_F(PolicySwapTest, Swap_AtRandomMoments_NoneIsLostOrRunTwice) {
  for (const uint64_t processors : {1, 3, 8}) {
    std::mt19937 random(5);
    Simulation simulation(processors);
    AddTasks(&simulation);
    for (int i = 0; i < 1000; i++) {
      serving = static_cast<Policy>(random() % kPolicies);
      failure = random() % 8 == 0 ? STATUS_UNAVAILABLE : STATUS_OK;
      simulation.Run(simulation.now + 1 + random() % (3 * kMillisecond));
    }
    ExpectSound(simulation);
    EXPECT_GT(simulation.dropped_queues, 500u);
  }
}

TEST_F(PolicySwapTest, Policy_MissingForAWhile_TasksGoOnInTurn) {
  Simulation simulation(kProcessors_);
  AddTasks(&simulation);
  serving = kFair;
  simulation.Run(kSecond);
  failure = STATUS_FAULT;
  simulation.Reset();
  simulation.Run(3 * kSecond);
  for (size_t i = 0; i < simulation.tasks.size(); i++) {
    EXPECT_LT(simulation.tasks[i].longest_wait, 100 * kMillisecond) << i;
    EXPECT_GT(simulation.tasks[i].ran, 0u);
  }
  failure = STATUS_OK;
  simulation.Run(4 * kSecond);
  Measure(&simulation, kFair);
  ExpectSound(simulation);
}

}  // namespace
