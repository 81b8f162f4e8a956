// SPDX-License-Identifier: MIT
/// @file
/// A task that makes one call in each step, always in the same way, and what goes with it.
/// testing/faults has that call fail at each of its instructions.
/// @spill the counts, in the blob repeater_counts.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// The call of a step, and the way that it takes in the function.
enum repeater_call {
  kRepeaterNone,
  kRepeaterFrame,          // frame_allocator_allocate: out of a processor's cache
  kRepeaterFrameBack,      // frame_allocator_free: into a cache
  kRepeaterFrameLent,      // frame_allocator_allocate: a group is lent to a cache
  kRepeaterFrameRecalled,  // frame_allocator_free: a group is given back
  kRepeaterFrames,         // frame_allocator_allocate: a run
  kRepeaterFramesBack,     // frame_allocator_free: a run
  kRepeaterBlock,          // heap_allocate: out of a cache
  kRepeaterBlockBack,      // heap_free: into a cache
  kRepeaterBlockLent,      // heap_allocate: a group is lent to a cache
  kRepeaterBlockReturned,  // heap_free: to a chunk
  kRepeaterLine,           // log_write
  kRepeaterWait,           // timer_wait_until: for a time to come, in vain
  kRepeaterSleep,          // the same; the task then sleeps, and is woken
  kRepeaterCalls,
};

/// The blob repeater_counts.
typedef struct repeater_counts {
  monitor_t monitor;
  uint64_t call;     // enum repeater_call
  uint64_t running;  // 1: the task has been made
  uint64_t now;      // 1: that very call comes next
  uint64_t right;    // calls that answered what they should
  uint64_t failed;   // that answered FAULT
  uint64_t wrong;
  uint64_t last;  // what the last wrong one answered: a status
} repeater_counts_t;

/// Chooses the call, and makes the task, which never ends by itself, where there is none yet.
/// @errors   OUT_OF_RANGE. And those of reference_obtain and task_spawn.
/// @context  steps
CELL_EXPORT status_t repeater_start(uint64_t call);

/// A step of it.
CELL_EXPORT status_t repeater_step(LENT task_progress_t *progress);

EXTERN_C_END
