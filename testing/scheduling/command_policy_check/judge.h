// SPDX-License-Identifier: MIT
/// @file
/// What is asked of the tallies when a policy has served for a while.
#pragma once
#include "patterns/tap.h"
#include "patterns/text_line.h"
#include "testing/scheduling/command_policy_check/plans.h"
#include "testing/scheduling/command_policy_check/policies.h"

static const uint64_t kWithinATick = kTick + 200 * kMicrosecond;

static inline tally_t tally_at(uint64_t number) {
  monitor_enter(&state_policy_tallies->monitor);
  const tally_t tally = state_policy_tallies->tallies[number];
  monitor_exit(&state_policy_tallies->monitor);
  return tally;
}

/// What some workers, one after the other, have come to.
typedef struct group {
  uint64_t members;
  uint64_t ran;
  uint64_t units;
  uint64_t weight;
  uint64_t jobs;
  uint64_t misses;
  uint64_t disorder;
  uint64_t absent;  // how many have not run
  uint64_t least_ran;
  uint64_t most_ran;
  uint64_t least_jobs;
  uint64_t longest_wait;
  uint64_t latency;
  uint64_t shortest_job;
} group_t;

static inline uint64_t smaller(uint64_t a, uint64_t b) { return a < b ? a : b; }
static inline uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

static inline void group_add(group_t *group, const tally_t *tally, uint64_t weight) {
  const worker_counts_t *counts = &tally->counts;
  group->members++;
  group->ran += tally->ran;
  group->units += counts->units;
  group->weight += weight;
  group->jobs += counts->jobs;
  group->misses += counts->misses;
  group->disorder += counts->disorder;
  group->absent += counts->units == 0;
  group->least_ran = smaller(group->least_ran, tally->ran);
  group->most_ran = larger(group->most_ran, tally->ran);
  group->least_jobs = smaller(group->least_jobs, counts->jobs);
  group->longest_wait = larger(group->longest_wait, counts->longest_wait);
  group->latency = larger(group->latency, counts->latency);
  group->shortest_job = smaller(group->shortest_job, counts->shortest_job);
}

static inline group_t group_of(uint64_t check, uint64_t first, uint64_t end) {
  group_t group = {.least_ran = kNever, .least_jobs = kNever, .shortest_job = kNever};
  for (uint64_t i = first; i < end; i++) {
    const tally_t tally = tally_at(i);
    group_add(&group, &tally, check_plan(check, i).weight);
  }
  return group;
}

static inline bool is_near(uint64_t value, uint64_t wanted, uint64_t slack) {
  return value <= wanted + slack && wanted <= value + slack;
}

/// Whether each had the share of its weight, but for a percent of that, or a tick.
static inline bool shares_fit(uint64_t check, uint64_t first, uint64_t end) {
  const group_t group = group_of(check, first, end);
  for (uint64_t i = first; i < end; i++) {
    const uint64_t wanted = group.ran * check_plan(check, i).weight / group.weight;
    if (!is_near(tally_at(i).ran, wanted, larger(wanted / 100, kTick))) return false;
  }
  return true;
}

/// Whether the work that each has counted stands to that of the others as the processor time that
/// nano_core has counted, but for one percent.
static inline bool counts_fit(uint64_t check, uint64_t first, uint64_t end) {
  const group_t group = group_of(check, first, end);
  for (uint64_t i = first; i < end; i++) {
    const tally_t tally = tally_at(i);
    const uint64_t wanted = tally.ran * group.units;
    if (!is_near(tally.counts.units * group.ran, wanted, wanted / 100)) return false;
  }
  return group.units > 0;
}

/// Whether those that take turns had the same: when the counting began and ended one may have been
/// in the midst of its slice, and may have run over by a tick, which is taken off the next.
static inline bool turns_fit(const group_t *group) {
  return group->absent == 0 && group->most_ran - group->least_ran <= kSlice + 2 * kTick;
}

static inline void judge_round_robin(tap_t *tap, command_t *command, uint64_t counted) {
  const group_t busy = group_of(kCheckRoundRobin, 0, kTurnsBusy);
  const group_t all = group_of(kCheckRoundRobin, 0, COUNT_OF(kTurnsPlans));
  const uint64_t round = all.members * kSlice;
  tap_check(tap, command, turns_fit(&busy),
            TEXT("busy tasks had the same time, within a slice, whatever they are worth"));
  tap_check(tap, command, counts_fit(kCheckRoundRobin, 0, kTurnsBusy),
            TEXT("they have done work for it"));
  tap_check(tap, command, all.longest_wait <= round && all.latency <= round,
            TEXT("nobody waited for longer than a slice of each"));
  tap_check(tap, command,
            tally_at(kTurnsYields).counts.units > 0 &&
                tally_at(kTurnsSleeps).counts.jobs * round >= counted / 2,
            TEXT("who gives way, or sleeps, has its turn each round"));
  tap_check(tap, command, all.ran >= counted / 100 * 98,
            TEXT("the processor was always at work for one of them"));
}

static inline void judge_priority(tap_t *tap, command_t *command, uint64_t counted) {
  const group_t all = group_of(kCheckPriority, 0, COUNT_OF(kPriorityPlans));
  const group_t equals = group_of(kCheckPriority, kUrgentEquals, kUrgentEqualsEnd);
  const group_t most = group_of(kCheckPriority, kUrgentListens, kUrgentListens + 1);
  const group_t next = group_of(kCheckPriority, kUrgentPeriodic, kUrgentPeriodic + 1);
  const group_t last = group_of(kCheckPriority, kUrgentLast, kUrgentLast + 1);
  tap_check(tap, command, all.disorder == 0, TEXT("nobody ran while a more urgent one wanted to"));
  tap_check(tap, command, last.ran == 0 && last.units == 0,
            TEXT("the least urgent one did not run at all"));
  tap_check(tap, command, most.jobs > 10 && most.latency <= kWithinATick,
            TEXT("the most urgent one ran within a tick of being woken by another"));
  tap_check(tap, command, most.jobs > 10 && most.longest_wait == 0,
            TEXT("and was never interrupted"));
  tap_check(tap, command,
            next.latency <= kWithinATick + kPriorityPlans[kUrgentListens].work + kTick,
            TEXT("the next one waited for a tick, and for nobody else but that one"));
  tap_check(tap, command, next.jobs + 2 >= counted / kPriorityPlans[kUrgentPeriodic].period,
            TEXT("and has done each of its jobs"));
  tap_check(tap, command, turns_fit(&equals), TEXT("equals had the same time, within a slice"));
  tap_check(tap, command, counts_fit(kCheckPriority, kUrgentEquals, kUrgentEqualsEnd),
            TEXT("they have done work for it"));
}

static inline bool jobs_fit(uint64_t check, uint64_t end, uint64_t counted) {
  for (uint64_t i = 0; i < end; i++) {
    if (tally_at(i).counts.jobs + 2 < counted / check_plan(check, i).period) return false;
  }
  return true;
}

static inline void judge_deadline(tap_t *tap, command_t *command, uint64_t counted) {
  const group_t all = group_of(kCheckDeadline, 0, COUNT_OF(kDeadlinePlans));
  const group_t others = group_of(kCheckDeadline, kDeadlineTasks, COUNT_OF(kDeadlinePlans));
  tap_check(tap, command, all.misses == 0, TEXT("no deadline was missed"));
  tap_check(tap, command, jobs_fit(kCheckDeadline, kDeadlineTasks, counted),
            TEXT("each job was done"));
  tap_check(tap, command, all.disorder == 0, TEXT("the earliest deadline always ran first"));
  tap_check(tap, command, others.ran >= counted / 100 * 10 && others.ran <= counted / 100 * 16,
            TEXT("those without a deadline had what was left"));
  tap_check(tap, command, turns_fit(&others), TEXT("and shared it, within a slice"));
}

static inline void judge_overload(tap_t *tap, command_t *command) {
  const group_t all = group_of(kCheckOverload, 0, COUNT_OF(kOverloadPlans));
  tap_check(tap, command, all.misses * 10 >= all.jobs && all.misses > 0,
            TEXT("deadlines are missed, and that is seen, where there is more work than time"));
  tap_check(tap, command, all.least_jobs >= 2, TEXT("nobody starves"));
}

static inline void judge_fair(tap_t *tap, command_t *command) {
  const group_t busy = group_of(kCheckFair, 0, kFairBusy);
  const group_t sleeper = group_of(kCheckFair, kFairSleeps, kFairSleeps + 1);
  const uint64_t work = kFairPlans[kFairSleeps].work;
  const uint64_t share = (busy.weight + sleeper.weight) / sleeper.weight;
  tap_check(tap, command, shares_fit(kCheckFair, 0, kFairBusy),
            TEXT("shares are as the weights, within a percent"));
  tap_check(tap, command, counts_fit(kCheckFair, 0, kFairBusy), TEXT("they have done work for it"));
  tap_check(tap, command, sleeper.jobs >= 2 && sleeper.latency <= kWithinATick,
            TEXT("who has slept comes within a tick"));
  tap_check(tap, command, sleeper.shortest_job != 0 && sleeper.shortest_job >= work / 4 * 3 * share,
            TEXT("but gets no more than its share then: it has saved nothing up"));
  tap_check(tap, command, busy.longest_wait <= 3 * kSlice, TEXT("and keeps nobody waiting"));
}

/// Whether the policy kept what it promises, to those that are busy and to the others.
static inline bool round_fits(uint64_t policy) {
  const group_t busy = group_of(kCheckSwaps, 0, kSwapsBusy);
  const group_t others = group_of(kCheckSwaps, kSwapsBusy, kWorkers);
  if (policy == kFair) return shares_fit(kCheckSwaps, 0, kSwapsBusy);
  if (!turns_fit(&busy)) return false;
  if (policy == kDeadline) return others.misses == 0;
  if (policy == kPriority) return others.latency <= 3 * kTick;
  return others.latency <= 6 * kSlice && busy.longest_wait <= 6 * kSlice;
}

static inline void judge_swapped(tap_t *tap, command_t *command, uint64_t policy) {
  const group_t all = group_of(kCheckSwaps, 0, kWorkers);
  text_line_t line = {};
  text_line_text(&line, policy_name(policy));
  text_line_text(&line, TEXT(": all of "));
  text_line_decimal(&line, all.members);
  text_line_text(&line, TEXT(" tasks ran"));
  tap_check(tap, command, all.absent == 0, text_line_view(&line));
  line.length = 0;
  text_line_text(&line, policy_name(policy));
  text_line_text(&line, TEXT(": "));
  text_line_text(&line, policy_promise(policy));
  tap_check(tap, command, round_fits(policy), text_line_view(&line));
}
