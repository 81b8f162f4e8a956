// SPDX-License-Identifier: MIT
/// @file
/// Tasks on processors, event by event, by the scheduler cell as it is and whichever
/// scheduler_policy_place the test is linked with. The part of nano_core is played here: a task is
/// run only where its own status says that it is ready, tickets are fresh each time, and a queue
/// that was dropped is built anew.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "nano_core/api/schedule.h"

/// A cycle is a nanosecond, and a tick a millisecond.
constexpr uint64_t kTickCycles = 1000000;
constexpr uint64_t kMillisecond = kTickCycles;
constexpr uint64_t kSecond = 1000 * kMillisecond;
constexpr uint64_t kForever = UINT64_MAX;

/// How a task behaves: jobs of `work` cycles each. The next one is released `period` after the
/// release of the one before, or `pause` after its end.
struct Plan {
  uint64_t work = kForever;
  uint64_t period = 0;
  uint64_t pause = 0;
  uint64_t start = 0;
  uint64_t yield_after = 0;  // gives way after so many cycles; 0: never
  uint64_t jobs = kForever;  // ends after so many
  uint64_t priority = kScheduleUsualPriority;
  uint64_t weight = kScheduleUsualWeight;
  uint64_t deadline = 0;  // cycles
};

enum class SimulatedStatus { kWaiting, kReady, kRunning, kEnded };

struct SimulatedTask {
  Plan plan;
  task_schedule_t schedule = {};
  SimulatedStatus status = SimulatedStatus::kWaiting;
  uint64_t ticket = 0;
  uint64_t wake = 0;      // while it waits: when its next job is released
  uint64_t left = 0;      // of its job, cycles
  uint64_t to_yield = 0;  // cycles
  uint64_t ready_since = 0;
  // What came of it.
  uint64_t ran = 0;
  uint64_t jobs = 0;
  uint64_t misses = 0;        // jobs that ended after their deadline
  uint64_t longest_wait = 0;  // ready, for a processor
};

class Simulation {
 public:
  explicit Simulation(uint64_t processors);

  size_t Add(const Plan &plan);

  /// Goes on until `time` has come; the first call begins at 0.
  void Run(uint64_t time);

  /// Counts from here: ran, jobs, misses, longest_wait of all tasks.
  void Reset();

  /// What the cycle counter shows at time 0.
  static constexpr uint64_t kStart = 3 * kSecond;

  uint64_t now = 0;
  std::vector<SimulatedTask> tasks;
  std::vector<int64_t> running;   // task of each processor; -1: it idles
  std::function<void()> at_tick;  // called after each tick has been dealt with

  /// What must never be.
  uint64_t lost = 0;    // a processor idles while a task is ready
  uint64_t twice = 0;   // a ticket of a running task was not told apart
  uint64_t errors = 0;  // answers that are none
  /// What may be.
  uint64_t stale_tickets = 0;
  uint64_t dropped_queues = 0;
  uint64_t idle = 0;  // cycles of all processors

 private:
  uint64_t NextEvent() const;
  void Advance(uint64_t time);
  void WakeTasks();
  void EndWork();
  void Tick();
  void FillIdle();
  void Release(SimulatedTask &task, uint64_t released);
  void EndJob(SimulatedTask &task);
  void Switch(size_t processor, int64_t task, uint64_t reason);
  void BuildQueueAnew();
  uint32_t Enqueue(SimulatedTask &task, uint64_t reason);
  uint64_t FreshTicket(const SimulatedTask &task);

  uint64_t next_ticket_ = 1;
  uint64_t next_tick_ = kTickCycles;
};
