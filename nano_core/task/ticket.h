// SPDX-License-Identifier: MIT
/// @file
/// Tickets, and the question to the scheduler: inline, for the way from one step to the next.
#pragma once
#include "nano_core/gate/reference.h"
#include "nano_core/processor/processor.h"
#include "nano_core/task/task.h"

/// Gives the task a ticket; from here on another processor may take it, but it waits until the slot
/// is not handed any more.
__attribute__((always_inline)) static inline uint64_t ticket_issue(core_t *core,
                                                                   const task_record_t *task) {
  enum { kNumberShift = 32 };
  task_slot_t *slot = task->slot;
  const uint64_t ticket = (uint64_t)++slot->issued << kNumberShift | (task->self.index + 1);
  __atomic_store_n(&slot->handed, 1, __ATOMIC_RELAXED);
  __atomic_add_fetch(&core->queued, 1, __ATOMIC_RELAXED);
  __atomic_store_n(&slot->ticket, ticket, __ATOMIC_RELEASE);
  return ticket;
}

__attribute__((always_inline)) static inline void ticket_handed(task_slot_t *slot) {
  __atomic_store_n(&slot->handed, 0, __ATOMIC_RELEASE);
}

/// Takes the task with this ticket, unless somebody has been faster.
__attribute__((always_inline)) static inline task_record_t *ticket_redeem(core_t *core,
                                                                          uint64_t ticket) {
  const uint32_t place = (uint32_t)ticket - 1;
  if (place >= kTasks) return nullptr;
  task_slot_t *slot = &core->tasks[place];
  uint64_t expected = ticket;
  if (!__atomic_compare_exchange_n(&slot->ticket, &expected, UINT64_C(0), false, __ATOMIC_ACQ_REL,
                                   __ATOMIC_RELAXED)) {
    return nullptr;
  }
  __atomic_sub_fetch(&core->queued, 1, __ATOMIC_RELAXED);
  while (__atomic_load_n(&slot->handed, __ATOMIC_ACQUIRE) != 0) processor_wait(cpu_current());
  return slot->record;
}

/// Hands a task that could go on back to the scheduler, and asks which one shall run.
__attribute__((always_inline)) static inline u64_result_t scheduler_ask_with(
    core_t *core, task_record_t *previous, enum schedule_reason reason) {
  task_slot_t *slot = previous->slot;
  previous->status = kTaskReady;
  const uint64_t ticket = ticket_issue(core, previous);
  const gate_result_t result = upcall_pass(core->upcalls.scheduler_switch, ticket,
                                           (uint64_t)(uintptr_t)&previous->schedule, reason);
  ticket_handed(slot);
  return (u64_result_t){.status = {(uint32_t)result.rax}, .value = result.rdx};
}

/// Whether the scheduler's answer leaves open what it has done. Who is away has done nothing.
static inline bool scheduler_failed(status_t status) {
  switch (status.code) {
    case STATUS_OK:
    case STATUS_WOULD_BLOCK:
    case STATUS_STALE:
    case STATUS_UNAVAILABLE:
      return false;
    default:
      return true;
  }
}

/// Has the scheduler told everything anew, if it has failed.
static inline void scheduler_judge(core_t *core, status_t status) {
  if (scheduler_failed(status)) __atomic_store_n(&core->mislaid, 1, __ATOMIC_RELAXED);
}

/// Asks the scheduler once. `previous` is handed back with the question; null: there is none.
static inline u64_result_t scheduler_ask(core_t *core, task_record_t *previous,
                                         enum schedule_reason reason) {
  if (previous != nullptr) return scheduler_ask_with(core, previous, reason);
  const gate_result_t result = upcall_pass(core->upcalls.scheduler_switch, 0, 0, 0);
  return (u64_result_t){.status = {(uint32_t)result.rax}, .value = result.rdx};
}
