// SPDX-License-Identifier: MIT
/// @file
/// Which task runs next: one queue for all processors, ordered by keys that the policy
/// (cells/scheduler_policy_round_robin/scheduler_policy.h) computes. nano_core decides by the
/// task's own status who runs it, so what is answered here can neither lose a task nor run one
/// twice.
/// @spill   none in the cell; the queue is the blob `scheduler_queue`, which every version of this
///          cell works on. What is known about one task stands in the schedule that it is lent.
#pragma once
#include "nano_core/api/cell.h"
#include "nano_core/api/schedule.h"
EXTERN_C_BEGIN

/// How many tasks can wait for a processor.
enum { kSchedulerEntries = 16384 };

/// Has the queue outlive every instance, and sees which policy serves. Called by nano_core when the
/// cell is loaded.
/// @errors   those of blob_retain
CELL_EXPORT status_t scheduler_initialize(void);

/// Puts a task in the queue.
/// @param ticket    what is answered when its turn has come; not 0
/// @param schedule  of the task; its key is set
/// @param reason    enum schedule_reason
/// @errors   STALE: another policy serves; the queue is empty now, this task is not in it, and all
///           that are ready are to be put in anew (kScheduleAgain). NO_SPACE: kSchedulerEntries
///           wait. INVALID_ARGUMENT: no ticket or no schedule. The queue is unchanged by these two.
/// @context  any, interrupts off; never waits but for the monitor; O(log entries)
CELL_EXPORT status_t scheduler_enqueue(uint64_t ticket, LENT task_schedule_t *schedule,
                                       uint64_t reason);

/// Hands back the task that ran, and tells which is to run next. Where the policy cannot be called,
/// it comes behind all that wait.
/// @param ticket    of the task that ran, a fresh one; 0: none did, and `schedule` is not looked at
/// @param schedule  of that task; its key is set
/// @param reason    enum schedule_reason
/// @returns  the ticket of the next one, which may be `ticket` itself; the others stay in the queue
/// @errors   WOULD_BLOCK: none is ready. STALE: as above. INVALID_ARGUMENT: a ticket without a
///           schedule.
/// @context  any, interrupts off; never waits but for the monitor; O(log entries); O(1) where the
///           same task goes on, or no other one waits than the one that is next
CELL_EXPORT u64_result_t scheduler_switch(uint64_t ticket, LENT task_schedule_t *schedule,
                                          uint64_t reason);

/// Which members of scheduler_wishes_t count.
enum scheduler_wish {
  kSchedulerPriority = 1,
  kSchedulerWeight = 2,
  kSchedulerDeadline = 4,
};

typedef struct scheduler_wishes {
  uint64_t wanted;         // sum of enum scheduler_wish; what is not wanted stays as it is
  uint64_t priority;       // 0, the most urgent, to kSchedulePriorities - 1
  uint64_t weight;         // kScheduleUsualWeight is one usual share; at least 1
  nanoseconds_t deadline;  // from becoming ready until it should have run; 0: none
} scheduler_wishes_t;

/// Changes how a task is scheduled, from the next time on that it is handed to the scheduler.
/// @errors   STALE: it has ended. OUT_OF_RANGE: a number. INVALID_ARGUMENT: `wanted`. WOULD_BLOCK:
///           not one tick has passed since the boot, so a deadline cannot be converted; the tick is
///           watched. Nothing is changed.
/// @context  steps; never waits
CELL_EXPORT status_t scheduler_configure(task_t task, LENT const scheduler_wishes_t *wishes);

typedef struct scheduler_info {
  char policy[8];      // the letters of its identity, terminated; empty: none was called yet
  uint64_t entries;    // that wait now, the tickets of tasks that have gone included
  uint64_t enqueued;   // put in
  uint64_t switched;   // answers of another task than the one handed back
  uint64_t continued;  // answers of the same task
  uint64_t dropped;    // queues, because the policy changed
  uint64_t failures;   // of the policy
} scheduler_info_t;

/// Describes the queue. The counters count since the boot.
/// @context  any; never waits but for the monitor
CELL_EXPORT status_t scheduler_describe(OUT scheduler_info_t *info);

EXTERN_C_END
