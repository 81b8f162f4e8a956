// SPDX-License-Identifier: MIT
#include "testing/scheduling/simulation.h"

#include <algorithm>

#include "cells/scheduler/scheduler.h"
#include "cells/timer/timer.h"
#include "nano_core/api/memory.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(scheduler_queue, 512 << 10);

// Tickets: the task's number below, what makes them fresh above.
namespace {
constexpr uint64_t kTicketShift = 20;
constexpr int kAttempts = 100;
}  // namespace

// What the scheduler needs of others, and the simulation does not use.
status_t blob_retain(text_t) { return OK; }
status_t task_describe(uint64_t, task_info_t *) { return ERR(UNSUPPORTED); }
status_t task_set_parameters(task_t, const task_parameters_t *) { return ERR(UNSUPPORTED); }
u64_result_t timer_cycles_to_nanoseconds(uint64_t cycles) { return {OK, cycles}; }

Simulation::Simulation(uint64_t processors) : running(processors, -1) {
  HOST_STATE_CLEAR(scheduler_queue);
  host_cycles = kStart;
  if (!status_is_ok(scheduler_initialize())) errors++;
}

size_t Simulation::Add(const Plan &plan) {
  SimulatedTask task;
  task.plan = plan;
  task.schedule.priority = plan.priority;
  task.schedule.weight = plan.weight;
  task.schedule.deadline = plan.deadline;
  task.wake = std::max(plan.start, now);
  tasks.push_back(task);
  return tasks.size() - 1;
}

void Simulation::Reset() {
  idle = 0;
  for (SimulatedTask &task : tasks) {
    task.ran = task.jobs = task.misses = task.longest_wait = 0;
    task.ready_since = std::max(task.ready_since, now);
  }
}

uint64_t Simulation::FreshTicket(const SimulatedTask &task) {
  return next_ticket_++ << kTicketShift | static_cast<uint64_t>(&task - tasks.data());
}

uint32_t Simulation::Enqueue(SimulatedTask &task, uint64_t reason) {
  task.ticket = FreshTicket(task);
  const uint32_t code = scheduler_enqueue(task.ticket, &task.schedule, reason).code;
  if (code != STATUS_OK && code != STATUS_STALE) errors++;
  return code;
}

// Whoever is told that the queue was dropped puts in all that are ready.
void Simulation::BuildQueueAnew() {
  for (int attempt = 0; attempt < kAttempts; attempt++) {
    dropped_queues++;
    bool stale = false;
    for (SimulatedTask &task : tasks) {
      if (task.status != SimulatedStatus::kReady || stale) continue;
      stale = Enqueue(task, kScheduleAgain) == STATUS_STALE;
    }
    if (!stale) return;
  }
  errors++;
}

void Simulation::Release(SimulatedTask &task, uint64_t released) {
  task.status = SimulatedStatus::kReady;
  task.left = task.plan.work;
  task.to_yield = task.plan.yield_after;
  task.ready_since = now;
  task.schedule.released = kStart + released;
  if (Enqueue(task, kScheduleReady) == STATUS_STALE) BuildQueueAnew();
}

void Simulation::EndJob(SimulatedTask &task) {
  const uint64_t released = task.schedule.released - kStart;
  task.jobs++;
  if (task.plan.deadline != 0 && now > released + task.plan.deadline) task.misses++;
  task.status = SimulatedStatus::kWaiting;
  task.wake = task.plan.period != 0 ? released + task.plan.period : now + task.plan.pause;
  if (task.jobs >= task.plan.jobs) task.status = SimulatedStatus::kEnded;
}

void Simulation::Switch(size_t processor, int64_t task, uint64_t reason) {
  running[processor] = -1;
  uint64_t ticket = 0;
  task_schedule_t *schedule = nullptr;
  if (task >= 0) {
    SimulatedTask &previous = tasks[static_cast<size_t>(task)];
    previous.status = SimulatedStatus::kReady;
    previous.ready_since = now;
    ticket = previous.ticket = FreshTicket(previous);
    schedule = &previous.schedule;
  }
  for (;;) {
    const u64_result_t next = scheduler_switch(ticket, schedule, reason);
    ticket = 0;
    if (status_is(next.status, STATUS_STALE)) {
      BuildQueueAnew();
      continue;
    }
    if (status_is(next.status, STATUS_WOULD_BLOCK)) return;
    if (!status_is_ok(next.status)) errors++;
    if (!status_is_ok(next.status)) return;
    const size_t index = next.value & ((1 << kTicketShift) - 1);
    SimulatedTask &chosen = tasks[index];
    if (chosen.ticket != next.value) {
      stale_tickets++;
      continue;
    }
    if (chosen.status != SimulatedStatus::kReady) twice++;
    chosen.status = SimulatedStatus::kRunning;
    chosen.longest_wait = std::max(chosen.longest_wait, now - chosen.ready_since);
    running[processor] = static_cast<int64_t>(index);
    return;
  }
}

uint64_t Simulation::NextEvent() const {
  uint64_t next = next_tick_;
  for (const SimulatedTask &task : tasks) {
    if (task.status == SimulatedStatus::kWaiting) next = std::min(next, std::max(task.wake, now));
    if (task.status != SimulatedStatus::kRunning) continue;
    if (task.left < next - now) next = now + task.left;
    if (task.plan.yield_after != 0) next = std::min(next, now + task.to_yield);
  }
  return next;
}

void Simulation::Advance(uint64_t time) {
  const uint64_t passed = time - now;
  now = time;
  host_cycles = kStart + now;
  for (const int64_t index : running) {
    if (index < 0) idle += passed;
    if (index < 0) continue;
    SimulatedTask &task = tasks[static_cast<size_t>(index)];
    task.ran += passed;
    task.schedule.ran += passed;
    if (task.left != kForever) task.left -= passed;
    if (task.plan.yield_after != 0) task.to_yield -= passed;
  }
}

void Simulation::WakeTasks() {
  for (SimulatedTask &task : tasks) {
    if (task.status == SimulatedStatus::kWaiting && task.wake <= now) Release(task, task.wake);
  }
}

void Simulation::EndWork() {
  for (size_t processor = 0; processor < running.size(); processor++) {
    const int64_t index = running[processor];
    if (index < 0) continue;
    SimulatedTask &task = tasks[static_cast<size_t>(index)];
    if (task.left == 0) {
      EndJob(task);
      // Its next job may be due already.
      if (task.status == SimulatedStatus::kWaiting && task.wake <= now) Release(task, task.wake);
      Switch(processor, -1, 0);
    } else if (task.plan.yield_after != 0 && task.to_yield == 0) {
      task.to_yield = task.plan.yield_after;
      Switch(processor, index, kScheduleYield);
    }
  }
}

void Simulation::Tick() {
  for (size_t processor = 0; processor < running.size(); processor++) {
    if (running[processor] >= 0) Switch(processor, running[processor], kScheduleTick);
  }
}

void Simulation::FillIdle() {
  for (size_t processor = 0; processor < running.size(); processor++) {
    if (running[processor] < 0) Switch(processor, -1, 0);
  }
  if (std::count(running.begin(), running.end(), -1) == 0) return;
  for (const SimulatedTask &task : tasks) lost += task.status == SimulatedStatus::kReady;
}

void Simulation::Run(uint64_t time) {
  while (now < time) {
    Advance(std::min(NextEvent(), time));
    const bool tick = now == next_tick_;
    if (tick) next_tick_ += kTickCycles;
    WakeTasks();
    EndWork();
    if (tick) Tick();
    FillIdle();
    if (tick && at_tick) at_tick();
  }
}
