// SPDX-License-Identifier: MIT
/// @file
/// The interface `scheduler_policy`: in which order tasks that are ready get a processor. It is
/// served by one of several cells; none has this name. The scheduler keeps the queue, the policy
/// only computes keys, so one can take over from another between any two calls.
/// @spill   none: what a policy knows about a task stands in the schedule that it is lent.
#pragma once
#include "nano_core/api/cell.h"
#include "nano_core/api/schedule.h"
EXTERN_C_BEGIN

/// Sets `schedule->key`: the smallest key runs first, and of two that are equal the one that was
/// handed in first. Counts `schedule->ran`, and sets it to 0, so that no cycle counts twice.
/// @param schedule  of the task. What another policy left in it is recognised, and dropped.
/// @param reason    enum schedule_reason; any other number counts as kScheduleYield
/// @param now       cycle counter
/// @param sequence  counts what was ever put in the queue: larger than with all that wait
/// @param floor     how far the queue has come: the largest key that was chosen to run since this
///                  policy serves; at first the cycle counter of that moment. Never goes back.
/// @returns  the policy's identity, a tag of four letters. Keys of two identities do not compare:
///           the scheduler drops its queue when another one answers. A new version of a policy
///           whose keys mean the same keeps the tag, and with it the queue.
/// @errors   none of its own
/// @context  any, interrupts off; never waits; O(1)
CELL_EXPORT u64_result_t scheduler_policy_place(LENT task_schedule_t *schedule, uint64_t reason,
                                                uint64_t now, uint64_t sequence, uint64_t floor);

EXTERN_C_END
