// SPDX-License-Identifier: MIT
// cells/scheduler and a policy: each task that is handed in is handed out once, in the order of the
// keys once all is quiet, and none is forgotten when the policy changes or cannot be called.
//
// Processors do here what nano_core's roots do (nano_core/task/ready.c).
#include "cells/scheduler/scheduler.h"

#include <array>
#include <atomic>

#include "cells/scheduler_policy_round_robin/scheduler_policy.h"
#include "cells/timer/timer.h"
#include "nano_core/api/cycle_counter.h"
#include "testing/interleave/suite.h"

INTERLEAVE_STATE(scheduler_queue, 512 << 10);

namespace {

constexpr uint64_t kTasks = 7;
constexpr uint64_t kNumberShift = 8;

std::atomic<uint64_t> cycles{1000};
std::atomic<uint64_t> policy_epoch{0};  // another one: another policy serves
std::atomic<uint64_t> policy_calls{0};
uint64_t policy_failure = 0;  // each so-manieth call of the policy fails; 0: none

struct Task {
  std::atomic<uint64_t> ticket{0};  // 0: it is nobody's to take
  std::atomic<uint32_t> handed{0};  // its schedule is lent
  std::atomic<uint32_t> parked{0};
  task_schedule_t schedule = {};
};

class SchedulerSuite : public interleave::Suite {
 public:
  void Prepare() override {
    INTERLEAVE_CHECK(status_is_ok(scheduler_initialize()), "scheduler_initialize");
  }

  void Begin(interleave::Random &random, int) override {
    cycles.store(1000);
    policy_epoch.store(0);
    policy_calls.store(0);
    policy_failure = random.Percent(20) ? 3 + random.Below(20) : 0;
    changes_ = random.Percent(40) ? 1 + random.Below(2) : 0;
    number_.store(0);
    for (auto &answered : answered_) answered.store(0, std::memory_order_relaxed);
    for (Task &task : tasks_) {
      task.ticket.store(0);
      task.handed.store(0);
      task.parked.store(1);
      task.schedule = {};
      task.schedule.priority = random.Below(kSchedulePriorities);
      task.schedule.weight = 1 + random.Below(2 * kScheduleUsualWeight);
      task.schedule.deadline = random.Percent(50) ? random.Below(10000) : 0;
    }
  }

  void Run(int processor, int operations, interleave::Random &random) override {
    Task *task = nullptr;
    for (int i = 0; i < operations; i++) {
      cycles.fetch_add(1 + random.Below(500), std::memory_order_relaxed);
      if (processor == 0 && changes_ > 0 && random.Percent(20)) ChangePolicy();
      const uint64_t choice = random.Below(100);
      if (choice < 40) Wake(random.Below(kTasks));
      if (task != nullptr && choice >= 75) Park(&task);
      task = Next(task, choice % 2 == 0 ? kScheduleTick : kScheduleYield);
      if (task != nullptr) task->schedule.ran += random.Below(500);
    }
    if (task != nullptr) Enqueue(task, kScheduleYield);
  }

  void End() override {
    policy_failure = 0;
    uint64_t expected = 0;
    for (Task &task : tasks_) {
      INTERLEAVE_CHECK((task.parked.load() != 0) != (task.ticket.load() != 0), "a task is lost");
      expected += task.ticket.load() != 0;
    }
    uint64_t key = 0;
    for (uint64_t i = 0; i < expected; i++) {
      const Task *task = Next(nullptr, kScheduleYield);
      INTERLEAVE_CHECK(task != nullptr, "%llu tasks are ready, but %llu came out",
                       static_cast<unsigned long long>(expected),
                       static_cast<unsigned long long>(i));
      INTERLEAVE_CHECK(task->schedule.key >= key, "they come out in another order than their keys");
      key = task->schedule.key;
    }
    INTERLEAVE_CHECK(Next(nullptr, kScheduleYield) == nullptr, "one came out twice");
  }

 private:
  uint64_t IndexOf(const Task *task) const { return static_cast<uint64_t>(task - tasks_.data()); }

  void ChangePolicy() {
    changes_--;
    policy_epoch.fetch_add(1);
    interleave::Note("another policy serves");
  }

  uint64_t Issue(Task *task) {
    const uint64_t number = number_.fetch_add(1, std::memory_order_relaxed) + 1;
    const uint64_t ticket = number << kNumberShift | (IndexOf(task) + 1);
    task->handed.store(1, std::memory_order_relaxed);
    task->ticket.store(ticket, std::memory_order_release);
    return ticket;
  }

  static bool IsFree(void *task) {
    return static_cast<Task *>(task)->handed.load(std::memory_order_acquire) == 0;
  }

  // The task of a ticket, unless another processor was faster.
  Task *Redeem(uint64_t ticket) {
    const uint64_t index = (ticket & ((1u << kNumberShift) - 1)) - 1;
    INTERLEAVE_CHECK(index < kTasks, "a ticket that nobody issued");
    Task *task = &tasks_[index];
    uint64_t expected = ticket;
    if (!task->ticket.compare_exchange_strong(expected, 0)) return nullptr;
    interleave::WaitUntil(IsFree, task, "a task that is being handed over");
    return task;
  }

  static void HandedOver(Task *task) {
    task->handed.store(0, std::memory_order_release);
    interleave::Kick();
  }

  status_t TryToEnqueue(Task *task, enum schedule_reason reason) {
    const uint64_t ticket = Issue(task);
    interleave::Call("scheduler_enqueue");
    const status_t status = scheduler_enqueue(ticket, &task->schedule, reason);
    interleave::Note("hands in task %llu: %u", static_cast<unsigned long long>(IndexOf(task)),
                     status.code);
    HandedOver(task);
    INTERLEAVE_CHECK(status_is_ok(status) || status_is(status, STATUS_STALE),
                     "scheduler_enqueue answers %u", status.code);
    return status;
  }

  void Enqueue(Task *task, enum schedule_reason reason) {
    if (!status_is_ok(TryToEnqueue(task, reason))) HandOverAll();
  }

  // The queue was dropped. It may be once more meanwhile.
  void HandOverAll() {
    for (bool stale = true; stale;) {
      stale = false;
      for (Task &one : tasks_) {
        const uint64_t ticket = one.ticket.load(std::memory_order_acquire);
        Task *task = ticket == 0 ? nullptr : Redeem(ticket);
        if (task != nullptr) stale = !status_is_ok(TryToEnqueue(task, kScheduleAgain)) || stale;
      }
    }
  }

  u64_result_t Ask(Task *previous, enum schedule_reason reason) {
    const uint64_t ticket = previous == nullptr ? 0 : Issue(previous);
    task_schedule_t *schedule = previous == nullptr ? nullptr : &previous->schedule;
    interleave::Call("scheduler_switch");
    const u64_result_t next = scheduler_switch(ticket, schedule, reason);
    interleave::Note("asks for the next task: %u", next.status.code);
    if (previous != nullptr) HandedOver(previous);
    return next;
  }

  // A ticket is answered once, whether it still counts or not.
  void NoteAnswer(uint64_t ticket) {
    const uint64_t number = ticket >> kNumberShift;
    auto &answered = answered_[number % answered_.size()];
    INTERLEAVE_CHECK(answered.exchange(number, std::memory_order_relaxed) != number,
                     "task %llu was handed out twice",
                     static_cast<unsigned long long>((ticket & 0xff) - 1));
  }

  Task *Next(Task *previous, enum schedule_reason reason) {
    for (;; previous = nullptr) {
      const u64_result_t next = Ask(previous, reason);
      if (status_is_ok(next.status)) {
        NoteAnswer(next.value);
        Task *task = Redeem(next.value);
        if (task != nullptr) return task;
        continue;
      }
      if (status_is(next.status, STATUS_WOULD_BLOCK)) return nullptr;
      INTERLEAVE_CHECK(status_is(next.status, STATUS_STALE), "scheduler_switch answers %u",
                       next.status.code);
      HandOverAll();
    }
  }

  void Wake(uint64_t index) {
    Task *task = &tasks_[index];
    uint32_t parked = 1;
    if (!task->parked.compare_exchange_strong(parked, 0)) return;
    task->schedule.released = cycles.load(std::memory_order_relaxed);
    Enqueue(task, kScheduleReady);
  }

  static void Park(Task **task) {
    (*task)->parked.store(1, std::memory_order_release);
    *task = nullptr;
  }

  std::array<Task, kTasks> tasks_;
  std::atomic<uint64_t> number_{0};
  std::array<std::atomic<uint64_t>, 1024> answered_ = {};
  uint64_t changes_ = 0;
};

}  // namespace

uint64_t host_cycle_counter(void) { return cycles.load(std::memory_order_relaxed); }

// Between scheduler and policy: the linker sends the scheduler's calls here.
extern "C" u64_result_t __real_scheduler_policy_place(task_schedule_t *schedule, uint64_t reason,
                                                      uint64_t now, uint64_t sequence,
                                                      uint64_t floor);
extern "C" u64_result_t __wrap_scheduler_policy_place(task_schedule_t *schedule, uint64_t reason,
                                                      uint64_t now, uint64_t sequence,
                                                      uint64_t floor);
u64_result_t __wrap_scheduler_policy_place(task_schedule_t *schedule, uint64_t reason, uint64_t now,
                                           uint64_t sequence, uint64_t floor) {
  interleave::Call("scheduler_policy_place");
  const uint64_t call = policy_calls.fetch_add(1, std::memory_order_relaxed) + 1;
  if (policy_failure != 0 && call % policy_failure == 0) return {ERR(UNAVAILABLE), 0};
  const uint64_t epoch = policy_epoch.load(std::memory_order_relaxed);
  u64_result_t identity = __real_scheduler_policy_place(schedule, reason, now, sequence, floor);
  interleave::Pause();
  identity.value += epoch << 32;
  return identity;
}

// What scheduler_configure needs, which is not called here.
u64_result_t timer_cycles_to_nanoseconds(uint64_t) { return {ERR(WOULD_BLOCK), 0}; }
status_t task_describe(uint64_t, task_info_t *) { return ERR(NOT_FOUND); }
status_t task_set_parameters(task_t, const task_parameters_t *) { return ERR(STALE); }

// The scheduler tells the policy about the queue as it was a moment ago: words that are stored in
// the monitor are read outside of it, each for itself.
extern "C" const char *__tsan_default_suppressions();
const char *__tsan_default_suppressions() { return "race:^peek$\n"; }

#define STRING_OF(name) #name
#define NAME_OF(name) STRING_OF(name)

// One suite for each policy that the program is linked with.
INTERLEAVE_SUITE(NAME_OF(SCHEDULER_SUITE), SchedulerSuite);
