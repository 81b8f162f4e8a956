// SPDX-License-Identifier: MIT
// From "ready" to "running": the inbox, the tickets, and what is asked of the scheduler.
#include "nano_core/api/cycle_counter.h"
#include "nano_core/core/lock.h"
#include "nano_core/gate/reference.h"
#include "nano_core/processor/processor.h"
#include "nano_core/swap/pins.h"
#include "nano_core/task/task.h"
#include "nano_core/task/ticket.h"

// So often the scheduler may know of no task, in a row, while one has a ticket: another processor
// may be about to tell it. After that its queue counts as lost.
enum { kDoubts = 256 };

void inbox_add(task_record_t *task, enum schedule_reason reason) {
  core_t *core = core_current();
  task->status = kTaskReady;
  task->wakes = reason;
  task->next = nullptr;
  if (core->inbox == nullptr) core->inbox_end = &core->inbox;
  *core->inbox_end = task;
  core->inbox_end = &task->next;
}

// A processor that runs no task comes to the inbox by itself.
void inbox_announce(void) {
  const uint64_t flags = cpu_flags_save();
  cpu_t *cpu = cpu_current();
  const core_t *core = cpu->core;
  const bool comes_by = cpu->task == nullptr && cpu->keeps_house == 0;
  if (!comes_by && __atomic_load_n(&core->inbox, __ATOMIC_RELAXED) != nullptr) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);  // who went to sleep looks after saying so
    if (__atomic_load_n(&core->sleepers, __ATOMIC_RELAXED) != 0) {
      processor_wake_one();
    } else if (cpu->interrupt_depth > 0) {
      cpu->preempt_wanted = 1;
    }
  }
  cpu_flags_restore(flags);
}

static task_record_t *inbox_take(core_t *core) {
  if (__atomic_load_n(&core->inbox, __ATOMIC_RELAXED) == nullptr) return nullptr;
  const uint64_t flags = leaf_lock(&core->task_lock);
  task_record_t *task = core->inbox;
  if (task != nullptr) core->inbox = task->next;
  leaf_unlock(&core->task_lock, flags);
  return task;
}

// @returns  whether the scheduler has dropped its queue: it is to be told everything anew
static bool enqueue(core_t *core, task_record_t *task, enum schedule_reason reason) {
  task_slot_t *slot = task->slot;
  if (reason == kScheduleReady) task->schedule.released = cycle_counter();
  const uint64_t ticket = ticket_issue(core, task);
  // Where that fails otherwise the task keeps its ticket, by which it is found.
  const gate_result_t result = upcall_pass(core->upcalls.scheduler_enqueue, ticket,
                                           (uint64_t)(uintptr_t)&task->schedule, reason);
  ticket_handed(slot);
  scheduler_judge(core, (status_t){(uint32_t)result.rax});
  return (uint32_t)result.rax == STATUS_STALE;
}

// Whoever is being handed over is not waited for: its processor may wait for core_lock in turn.
// @returns  whether the queue was dropped meanwhile
static bool hand_over_once(core_t *core) {
  bool dropped = false;
  for (uint32_t i = 0; i < core->used_tasks; i++) {
    const uint64_t ticket = __atomic_load_n(&core->tasks[i].ticket, __ATOMIC_ACQUIRE);
    if (__atomic_load_n(&core->tasks[i].handed, __ATOMIC_ACQUIRE) != 0) continue;
    task_record_t *task = ticket_redeem(core, ticket);
    if (task != nullptr && enqueue(core, task, kScheduleAgain)) dropped = true;
  }
  return dropped;
}

// The scheduler has dropped its queue, or it is not what it should be: it is told everything anew.
// Tickets that are still about are worth nothing then.
static void hand_over_all(core_t *core) {
  enum { kRounds = 4 };  // a scheduler that drops its queue each time is not waited for
  core_lock();
  for (uint32_t i = 0; i < kRounds && hand_over_once(core); i++) continue;
  core_unlock();
}

static void empty_inbox(core_t *core) {
  bool dropped = false;
  for (task_record_t *task; (task = inbox_take(core)) != nullptr;) {
    if (enqueue(core, task, (enum schedule_reason)task->wakes)) dropped = true;
  }
  if (dropped) hand_over_all(core);
}

// No scheduler helps: any task that has a ticket, in turn.
static task_record_t *take_any(core_t *core) {
  const uint64_t first = core->emergency;
  for (uint32_t i = 1; i <= core->used_tasks; i++) {
    const uint64_t place = (first + i) % core->used_tasks;
    const uint64_t ticket = __atomic_load_n(&core->tasks[place].ticket, __ATOMIC_ACQUIRE);
    task_record_t *task = ticket_redeem(core, ticket);
    if (task == nullptr) continue;
    core->emergency = place;
    return task;
  }
  return nullptr;
}

// Tasks that were preempted inside an old instance keep a request from its end: they go first,
// whatever the policy. The lock is held: it keeps the contexts where they are.
static task_record_t *take_pinning(core_t *core) {
  for (uint32_t i = 0; i < core->used_contexts; i++) {
    const context_t *context = &core->contexts[i];
    if (context->preempted == 0 || !requests_pinned_by(context)) continue;
    const task_slot_t *slot = &core->tasks[context->place];
    if (__atomic_load_n(&slot->handed, __ATOMIC_ACQUIRE) != 0) continue;
    task_record_t *task = ticket_redeem(core, __atomic_load_n(&slot->ticket, __ATOMIC_ACQUIRE));
    if (task != nullptr) return task;
  }
  return nullptr;
}

static task_record_t *take_scheduled(core_t *core, task_record_t *previous,
                                     enum schedule_reason reason) {
  for (uint64_t doubts = 0; doubts < 2 * kDoubts; doubts++, previous = nullptr) {
    const u64_result_t next = scheduler_ask(core, previous, reason);
    if (status_is_ok(next.status)) {
      task_record_t *task = ticket_redeem(core, next.value);
      if (task != nullptr) return task;  // or the ticket was stale
    } else if (status_is(next.status, STATUS_STALE)) {
      hand_over_all(core);
    } else if (!status_is(next.status, STATUS_WOULD_BLOCK)) {
      scheduler_judge(core, next.status);
      break;
    } else if (__atomic_load_n(&core->queued, __ATOMIC_RELAXED) == 0) {
      return nullptr;
    }
    if (doubts == kDoubts) hand_over_all(core);
    processor_wait(cpu_current());
  }
  return take_any(core);
}

bool ready_any(const core_t *core) {
  return __atomic_load_n(&core->inbox, __ATOMIC_RELAXED) != nullptr ||
         __atomic_load_n(&core->queued, __ATOMIC_RELAXED) != 0;
}

// Of a task that pins an old instance, or of the scheduler's choice.
static task_record_t *take(core_t *core, task_record_t *previous, enum schedule_reason reason) {
  if (core->in_grace > 0 && core_try_lock()) {
    task_record_t *task = take_pinning(core);
    core_unlock();
    if (task != nullptr && previous != nullptr && enqueue(core, previous, reason)) {
      hand_over_all(core);
    }
    if (task != nullptr) return task;
  }
  return take_scheduled(core, previous, reason);
}

task_record_t *ready_take(task_record_t *previous, enum schedule_reason reason) {
  core_t *core = core_current();
  empty_inbox(core);
  if (core->mislaid != 0 && __atomic_exchange_n(&core->mislaid, 0, __ATOMIC_RELAXED) != 0) {
    hand_over_all(core);
  }
  task_record_t *task = take(core, previous, reason);
  // One that sleeps finds the next one, and so on.
  if (__atomic_load_n(&core->sleepers, __ATOMIC_RELAXED) != 0 && ready_any(core)) {
    processor_wake_one();
  }
  return task;
}
