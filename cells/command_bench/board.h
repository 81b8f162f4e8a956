// SPDX-License-Identifier: MIT
/// @file
/// What the benchmarks of tasks share: the board on which their tasks write for the command that
/// made them, and what each of these tasks knows.
/// @spill none: the board lies in a heap pool of the command, and lives until all are joined.
#pragma once
#include "nano_core/api/event.h"
#include "nano_core/api/processor.h"
#include "nano_core/api/sealed.h"
#include "nano_core/api/task.h"

enum {
  kBenchTasks = 256,     // that wait at once
  kBenchRows = 8,        // of samples that have rows of their own
  kBenchSamples = 64,    // of a rendezvous
  kBenchSwitches = 512,  // that are averaged
  kBenchPairs = 64,
  kBenchWakes = 64,
  kBenchSteps = 100000,  // after which tasks that do not come to an end give up
  kMemberTag = SEALED_TAG('B', 'N', 'C', 'H'),
  kMemberVersion = 1,
};

/// What a task does. One that was given no progress is a child: it ends at once.
enum member_kind {
  kMemberChild,
  kMemberSwitch,     // gives way to the others, step after step
  kMemberParent,     // makes children and joins them
  kMemberWaiter,     // waits for the event
  kMemberSignaller,  // signals it, whenever the waiter waits
  kMemberParked,     // waits until it may end
};

/// What was last seen on one processor.
typedef struct bench_lane {
  uint64_t ended;   // cycle counter at the end of a step
  uint64_t member;  // whose step it was; 0: none
} bench_lane_t;

/// Numbers are read and written in one piece, by tasks on any processor.
typedef struct bench_board {
  uint64_t sum;        // cycles
  uint64_t count;      // of what was summed up
  uint64_t steps;      // of all tasks
  uint64_t stop;       // not 0: all shall end
  uint64_t signalled;  // cycle counter at a signal that nobody has seen yet; 0: none
  uint64_t arrived;    // tasks that wait for `event`
  event_t event;
  event_t done;  // all have arrived
  bench_lane_t lanes[kProcessors];
  uint64_t samples[kBenchSamples];
  task_t tasks[kBenchTasks];
} bench_board_t;

/// The progress of a task.
typedef struct bench_member {
  bench_board_t *board;
  uint64_t kind;    // enum member_kind
  uint64_t number;  // from 1
  reference_t step;
  task_t child;      // of a parent: the one that it joins
  uint64_t pairs;    // of a parent
  uint64_t started;  // of a parent: cycle counter after the first pair
  uint64_t parked;   // 1: it has arrived
} bench_member_t;

static inline uint64_t board_read(const uint64_t *place) {
  return __atomic_load_n(place, __ATOMIC_ACQUIRE);
}

static inline void board_write(uint64_t *place, uint64_t value) {
  __atomic_store_n(place, value, __ATOMIC_RELEASE);
}

/// @returns  the sum
static inline uint64_t board_add(uint64_t *place, uint64_t value) {
  return __atomic_add_fetch(place, value, __ATOMIC_ACQ_REL);
}
