// SPDX-License-Identifier: MIT
/// @file
/// What the workers of `policy_check` do, and what is known about them: the blob in which each
/// counts what befalls it, and the command what nano_core says.
///
/// All times are nanoseconds. Time is deterministic here, so that each is a cycle, too.
#pragma once
#include "nano_core/api/cell.h"
#include "nano_core/api/event.h"
#include "nano_core/api/schedule.h"
#include "nano_core/api/task.h"

enum { kWorkers = 304, kWorkerTag = SEALED_TAG('P', 'C', 'H', 'K'), kWorkerVersion = 1 };

enum : uint64_t {
  kMicrosecond = 1000,
  kMillisecond = 1000000,
  kTick = kMillisecond,
  kSlice = 10 * kMillisecond,  // of the policies that take turns
  kNever = UINT64_MAX / 2,
};

/// A gap that is shorter is interrupts, and the way from one step to the next.
static const uint64_t kGap = 100 * kMicrosecond;

/// By which of its numbers a worker goes before others, where the check looks for that.
enum worker_order { kOrderNone, kOrderPriority, kOrderDeadline };

/// What a worker does: jobs, one after the other. The next one is released `period` after the
/// release of the one before, or `pause` after its end, or by the bell.
typedef struct plan {
  uint64_t work;    // processor time of a job; kNever: it is always busy
  uint64_t period;  // 0: pause counts
  uint64_t pause;
  uint64_t step;    // processor time after which its step ends
  uint64_t yields;  // 1: gives way after each step
  uint64_t rings;   // 1: rings the bell when it begins a job
  uint64_t listens;
  uint64_t priority;
  uint64_t weight;
  uint64_t deadline;  // from the release; 0: none
} plan_t;

/// What befell a worker since the command began to count.
typedef struct worker_counts {
  uint64_t units;         // of work
  uint64_t jobs;          // done
  uint64_t misses;        // of them, after their deadline
  uint64_t disorder;      // times that it ran while somebody wanted to who goes before it
  uint64_t longest_wait;  // while it had a job
  uint64_t latency;       // longest from when it wanted to begin a job until it ran
  uint64_t shortest_job;  // from release to end; 0: none was done
} worker_counts_t;

typedef struct tally {
  task_t task;
  uint64_t ran_before;  // by nano_core's account, when the counting began
  uint64_t ran;         // since
  uint64_t wants_from;  // release of the job that it has, or has next
  uint64_t had;         // when it last had the processor, or until when it does not want it
  uint64_t has_job;     // 1: it has begun one
  uint64_t rank;        // of the job then: the smallest goes first
  worker_counts_t counts;
  // Of its whole life.
  uint64_t steps;
  uint64_t inside;  // 1: it is in a step
  uint64_t twice;   // steps that began inside another one, or with an old progress
  uint64_t units;
  uint64_t checksum;
} tally_t;

typedef struct policy_tallies {
  monitor_t monitor;
  uint64_t stopping;
  uint64_t order;        // enum worker_order
  uint64_t order_slack;  // ranks that differ by no more count as the same
  uint64_t workers;
  uint64_t since;  // what is released from then on counts; kNever: nothing is counted
  uint64_t rings;
  uint64_t rung_at;
  event_t bell;
  tally_t tallies[kWorkers];
} policy_tallies_t;

STATE(policy_tallies_t, policy_tallies);

typedef struct worker {
  uint64_t number;
  plan_t plan;
  uint64_t release;  // of the job under way, or of the next one
  uint64_t left;     // processor time of the job under way; 0: there is none
  uint64_t looked;   // when it last looked at the clock, or was done with a job
  uint64_t heard;    // rings
  uint64_t steps;
  uint64_t units;
  uint64_t checksum;
} worker_t;

/// What says by `order` whether the worker goes before others with the job that it has, or has
/// next.
static inline uint64_t worker_rank(const worker_t *worker, uint64_t order) {
  if (order == kOrderPriority) return worker->plan.priority;
  return worker->plan.deadline == 0 ? kNever : worker->release + worker->plan.deadline;
}

/// When it wants the processor next.
static inline uint64_t worker_wants_from(const worker_t *worker) {
  return worker->plan.listens != 0 ? kNever : worker->release;
}

// The work of a worker: a linear congruential generator (Knuth, MMIX), so that the value after any
// number of rounds can be told without making them.
static const uint64_t kMixFactor = UINT64_C(6364136223846793005);
static const uint64_t kMixSummand = UINT64_C(1442695040888963407);

enum { kRoundsPerUnit = 4000 };

static inline uint64_t mix(uint64_t value) { return value * kMixFactor + kMixSummand; }

/// The value after `rounds` rounds, beginning with `value`.
static inline uint64_t mix_far(uint64_t value, uint64_t rounds) {
  uint64_t factor = kMixFactor;
  uint64_t summand = kMixSummand;
  for (; rounds > 0; rounds >>= 1) {
    if ((rounds & 1) != 0) value = value * factor + summand;
    summand += summand * factor;
    factor *= factor;
  }
  return value;
}
