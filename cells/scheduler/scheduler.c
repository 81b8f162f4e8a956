// SPDX-License-Identifier: MIT
#include "cells/scheduler/scheduler.h"

#include "cells/scheduler_policy_round_robin/scheduler_policy.h"
#include "cells/timer/timer.h"
#include "nano_core/api/cycle_counter.h"
#include "nano_core/api/memory.h"

// The way between two tasks is counted in instructions.
#define ALWAYS_INLINE __attribute__((always_inline))

// A heap of four children each: half as deep as one of two, and the four stand side by side.
enum { kChildren = 4, kTagLetters = 4 };

typedef struct queue_entry {
  uint64_t key;
  uint64_t sequence;  // of two that have the same key the earlier one comes first
  uint64_t ticket;
} queue_entry_t;

typedef struct scheduler_queue {
  monitor_t monitor;
  uint64_t policy;    // identity of the one whose keys these are
  uint64_t floor;     // as the policy is told
  uint64_t sequence;  // counts what was put in: by scheduler_enqueue, or for another one
  uint64_t count;     // of entries
  uint64_t enqueued;
  uint64_t taken;  // by processors that had nothing to put in for it
  uint64_t continued;
  uint64_t dropped;
  uint64_t failures;
  queue_entry_t entries[kSchedulerEntries];  // a heap: entries[0] is next
} scheduler_queue_t;

STATE(scheduler_queue_t, scheduler_queue);

// What a policy said, and about which queue.
typedef struct placement {
  u64_result_t answer;
  uint64_t policy;  // that the queue was of when the policy was asked
} placement_t;

// The policy is asked outside of the monitor, so it is told what was true a moment ago. That does
// no harm: both numbers only grow while one policy serves.
static placement_t ask_policy(task_schedule_t *schedule, uint64_t reason) {
  const scheduler_queue_t *queue = state_scheduler_queue;
  const uint64_t policy = state_peek(&queue->policy);
  return (placement_t){
      .answer = scheduler_policy_place(schedule, reason, cycle_counter(),
                                       state_peek(&queue->sequence), state_peek(&queue->floor)),
      .policy = policy,
  };
}

static bool comes_before(const queue_entry_t *a, const queue_entry_t *b) {
  const unsigned __int128 first = (unsigned __int128)a->key << 64 | a->sequence;
  const unsigned __int128 second = (unsigned __int128)b->key << 64 | b->sequence;
  return first < second;
}

// Begins a queue of the policy. Its floor is above all that the policy may have left in tasks when
// it served before.
static void begin_queue(uint64_t policy) REQUIRES(state_scheduler_queue->monitor) {
  state_set_shared(&state_scheduler_queue->policy, policy);
  state_set_shared(&state_scheduler_queue->floor, cycle_counter());
  state_set(&state_scheduler_queue->count, UINT64_C(0));
}

// Somebody else has begun a queue since the policy was asked, or that is to be done now. Keys that
// were computed for another queue are worth nothing.
static status_t drop_queue(placement_t placement) REQUIRES(state_scheduler_queue->monitor) {
  const scheduler_queue_t *queue = state_scheduler_queue;
  const bool first = placement.policy == queue->policy;
  begin_queue(first ? placement.answer.value : queue->policy);
  state_set(&queue->dropped, queue->dropped + 1);
  return ERR(STALE);
}

// The largest key in the queue. Nobody needs it as long as the policy answers.
static uint64_t last_key(void) REQUIRES(state_scheduler_queue->monitor) {
  const scheduler_queue_t *queue = state_scheduler_queue;
  uint64_t last = queue->count == 0 ? queue->floor : 0;
  for (uint64_t i = 0; i < queue->count; i++) {
    if (queue->entries[i].key > last) last = queue->entries[i].key;
  }
  return last;
}

// Gives a task the last place that there is in this queue; what the policy says once it can be
// called again comes behind or before that as it would have anyway. What the task ran meanwhile is
// not held against it later.
static status_t place_last(task_schedule_t *schedule) REQUIRES(state_scheduler_queue->monitor) {
  schedule->key = last_key();
  schedule->ran = 0;
  state_set(&state_scheduler_queue->failures, state_scheduler_queue->failures + 1);
  return OK;
}

// Whether the key of the task fits the queue.
static status_t check_placement(task_schedule_t *schedule, placement_t placement)
    REQUIRES(state_scheduler_queue->monitor) {
  const uint64_t policy = state_scheduler_queue->policy;
  if (!status_is_ok(placement.answer.status)) return place_last(schedule);
  if (placement.answer.value == policy && placement.policy == policy) return OK;
  return drop_queue(placement);
}

// What was put in is counted.
static uint64_t count_entry(void) REQUIRES(state_scheduler_queue->monitor) {
  const scheduler_queue_t *queue = state_scheduler_queue;
  const uint64_t sequence = queue->sequence + 1;
  state_publish(&queue->sequence, sequence);
  return sequence;
}

// Finds the place of an entry from the end up.
static void insert(queue_entry_t entry) REQUIRES(state_scheduler_queue->monitor) {
  const scheduler_queue_t *queue = state_scheduler_queue;
  uint64_t place = queue->count;
  state_set(&queue->count, place + 1);
  while (place > 0) {
    const uint64_t parent = (place - 1) / kChildren;
    if (!comes_before(&entry, &queue->entries[parent])) break;
    state_set(&queue->entries[place], queue->entries[parent]);
    place = parent;
  }
  state_set(&queue->entries[place], entry);
}

// The child of `place` that comes first; kSchedulerEntries where it has none.
static uint64_t first_child(uint64_t place) REQUIRES(state_scheduler_queue->monitor) {
  const scheduler_queue_t *queue = state_scheduler_queue;
  const uint64_t start = place * kChildren + 1;
  if (start >= queue->count) return kSchedulerEntries;
  const uint64_t end = start + kChildren < queue->count ? start + kChildren : queue->count;
  uint64_t first = start;
  for (uint64_t child = start + 1; child < end; child++) {
    if (comes_before(&queue->entries[child], &queue->entries[first])) first = child;
  }
  return first;
}

// Finds the place of an entry from the top down, over the first one.
__attribute__((noinline)) static void sift_down(uint64_t key, uint64_t sequence, uint64_t ticket)
    REQUIRES(state_scheduler_queue->monitor) {
  const scheduler_queue_t *queue = state_scheduler_queue;
  const queue_entry_t entry = {key, sequence, ticket};
  uint64_t place = 0;
  for (;;) {
    const uint64_t child = first_child(place);
    if (child == kSchedulerEntries || !comes_before(&queue->entries[child], &entry)) break;
    state_set(&queue->entries[place], queue->entries[child]);
    place = child;
  }
  state_set(&queue->entries[place], entry);
}

// Puts a task in the first one's place; between two tasks that is all.
ALWAYS_INLINE static void replace_first(uint64_t key, uint64_t ticket)
    REQUIRES(state_scheduler_queue->monitor) {
  const queue_entry_t *first = &state_scheduler_queue->entries[0];
  const uint64_t sequence = count_entry();
  if (state_scheduler_queue->count > 1) return sift_down(key, sequence, ticket);
  state_set(first, ((queue_entry_t){key, sequence, ticket}));
}

static void raise_floor(uint64_t key) REQUIRES(state_scheduler_queue->monitor) {
  if (key > state_scheduler_queue->floor) state_publish(&state_scheduler_queue->floor, key);
}

static u64_result_t take_first(void) REQUIRES(state_scheduler_queue->monitor) {
  const scheduler_queue_t *queue = state_scheduler_queue;
  if (queue->count == 0) return (u64_result_t){.status = ERR(WOULD_BLOCK)};
  const uint64_t ticket = queue->entries[0].ticket;
  const uint64_t last = queue->count - 1;
  raise_floor(queue->entries[0].key);
  state_set(&queue->count, last);
  if (last != 0) {
    const queue_entry_t *entry = &queue->entries[last];
    sift_down(entry->key, entry->sequence, entry->ticket);
  }
  state_set(&queue->taken, queue->taken + 1);
  return (u64_result_t){.value = ticket};
}

// The ticket that goes first: this one, or the first in the queue, whose place it takes then.
static uint64_t choose(uint64_t ticket, uint64_t key) REQUIRES(state_scheduler_queue->monitor) {
  const scheduler_queue_t *queue = state_scheduler_queue;
  const uint64_t first = queue->entries[0].key;
  if (queue->count == 0 || key < first) {
    raise_floor(key);
    state_set(&queue->continued, queue->continued + 1);
    return ticket;
  }
  const uint64_t next = queue->entries[0].ticket;
  raise_floor(first);
  replace_first(key, ticket);
  return next;
}

static u64_result_t exchange(uint64_t ticket, task_schedule_t *schedule, placement_t placement)
    REQUIRES(state_scheduler_queue->monitor) {
  TRY_RESULT(u64_result_t, check_placement(schedule, placement));
  return (u64_result_t){.value = choose(ticket, schedule->key)};
}

// Renews a placement that lasts.
static uint64_t renew(task_schedule_t *schedule) REQUIRES(state_scheduler_queue->monitor) {
  const uint64_t renewed = schedule->renewed;
  const uint64_t key = (schedule->key & ~renewed) | (state_scheduler_queue->sequence & renewed);
  schedule->ran = 0;
  schedule->key = key;
  return key;
}

// As choose, for a placement that lasts: no policy needs to know how far the queue has come.
ALWAYS_INLINE static uint64_t choose_lasting(uint64_t ticket, uint64_t key)
    REQUIRES(state_scheduler_queue->monitor) {
  const scheduler_queue_t *queue = state_scheduler_queue;
  if (queue->count == 0 || key < queue->entries[0].key) {
    state_set(&queue->continued, queue->continued + 1);
    return ticket;
  }
  const uint64_t next = queue->entries[0].ticket;
  replace_first(key, ticket);
  return next;
}

// The short way, where the policy need not be asked; 0: it must be.
ALWAYS_INLINE static uint64_t exchange_lasting(uint64_t ticket, task_schedule_t *schedule) {
  uint64_t next = 0;
  monitor_enter(&state_scheduler_queue->monitor);
  if (schedule->lasting == state_scheduler_queue->policy) {
    next = choose_lasting(ticket, renew(schedule));
  }
  monitor_exit(&state_scheduler_queue->monitor);
  return next;
}

static status_t put_in(uint64_t ticket, task_schedule_t *schedule, placement_t placement)
    REQUIRES(state_scheduler_queue->monitor) {
  const scheduler_queue_t *queue = state_scheduler_queue;
  TRY(check_placement(schedule, placement));
  if (queue->count >= kSchedulerEntries) return ERR(NO_SPACE);
  const uint64_t key = schedule->key;
  insert((queue_entry_t){key, count_entry(), ticket});
  state_set(&queue->enqueued, queue->enqueued + 1);
  return OK;
}

status_t scheduler_initialize(void) {
  // Who waits for a processor is not to be forgotten, whatever becomes of this cell.
  TRY(blob_retain(TEXT("scheduler_queue")));
  // It is entered with interrupts off, and has to be left so.
  state_set(&state_scheduler_queue->monitor.interrupts, 1);
  // Binds the policy here, where what is missing can still be loaded.
  task_schedule_t schedule = {.weight = kScheduleUsualWeight};
  const placement_t placement = ask_policy(&schedule, kScheduleReady);
  monitor_enter(&state_scheduler_queue->monitor);
  const bool fresh = state_scheduler_queue->sequence == 0;
  if (fresh && status_is_ok(placement.answer.status)) begin_queue(placement.answer.value);
  monitor_exit(&state_scheduler_queue->monitor);
  return OK;
}

status_t scheduler_enqueue(uint64_t ticket, task_schedule_t *schedule, uint64_t reason) {
  if (ticket == 0 || schedule == nullptr) return ERR(INVALID_ARGUMENT);
  const placement_t placement = ask_policy(schedule, reason);
  monitor_enter(&state_scheduler_queue->monitor);
  const status_t status = put_in(ticket, schedule, placement);
  monitor_exit(&state_scheduler_queue->monitor);
  return status;
}

static u64_result_t switch_from_none(void) {
  monitor_enter(&state_scheduler_queue->monitor);
  const u64_result_t next = take_first();
  monitor_exit(&state_scheduler_queue->monitor);
  return next;
}

// Apart, so that the short way needs no registers for this one.
__attribute__((noinline)) static u64_result_t switch_asking(uint64_t ticket,
                                                            task_schedule_t *schedule,
                                                            uint64_t reason) {
  if (ticket == 0) return switch_from_none();
  if (schedule == nullptr) return (u64_result_t){.status = ERR(INVALID_ARGUMENT)};
  const placement_t placement = ask_policy(schedule, reason);
  monitor_enter(&state_scheduler_queue->monitor);
  const u64_result_t next = exchange(ticket, schedule, placement);
  monitor_exit(&state_scheduler_queue->monitor);
  return next;
}

u64_result_t scheduler_switch(uint64_t ticket, task_schedule_t *schedule, uint64_t reason) {
  if (reason != kScheduleYield) return switch_asking(ticket, schedule, reason);
  if (ticket == 0 || schedule->lasting == 0) return switch_asking(ticket, schedule, reason);
  const uint64_t next = exchange_lasting(ticket, schedule);
  if (next == 0) return switch_asking(ticket, schedule, reason);
  return (u64_result_t){.value = next};
}

// A second of nanoseconds is converted the way that the timer can, the rest is proportion.
static u64_result_t cycles_of(nanoseconds_t time) {
  const uint64_t probe = 1000000000;
  const u64_result_t lasts = timer_cycles_to_nanoseconds(probe);
  if (!status_is_ok(lasts.status)) return lasts;
  if (lasts.value == 0) return (u64_result_t){.status = ERR(INTERNAL)};
  const u64_result_t whole = checked_multiply(time.count / lasts.value, probe);
  const u64_result_t part = checked_multiply(time.count % lasts.value, probe);
  if (!status_is_ok(whole.status)) return whole;
  if (!status_is_ok(part.status)) return part;
  return checked_add(whole.value, part.value / lasts.value);
}

static status_t apply_wishes(const scheduler_wishes_t *wishes, task_parameters_t *parameters) {
  if ((wishes->wanted & kSchedulerPriority) != 0) parameters->priority = wishes->priority;
  if ((wishes->wanted & kSchedulerWeight) != 0) parameters->weight = wishes->weight;
  if ((wishes->wanted & kSchedulerDeadline) == 0) return OK;
  const u64_result_t cycles = cycles_of(wishes->deadline);
  TRY(cycles.status);
  // A deadline that is shorter than a cycle is still one.
  parameters->deadline = cycles.value != 0 || wishes->deadline.count == 0 ? cycles.value : 1;
  return OK;
}

status_t scheduler_configure(task_t task, const scheduler_wishes_t *wishes) {
  const uint64_t all = kSchedulerPriority | kSchedulerWeight | kSchedulerDeadline;
  if (wishes == nullptr || (wishes->wanted & ~all) != 0) return ERR(INVALID_ARGUMENT);
  task_info_t info;
  if (!status_is_ok(task_describe(task.index, &info)) || info.generation != task.generation) {
    return ERR(STALE);
  }
  task_parameters_t parameters = {info.priority, info.weight, info.deadline};
  TRY(apply_wishes(wishes, &parameters));
  if (parameters.priority >= kSchedulePriorities || parameters.weight == 0) {
    return ERR(OUT_OF_RANGE);
  }
  return task_set_parameters(task, &parameters);
}

status_t scheduler_describe(scheduler_info_t *info) {
  const scheduler_queue_t *queue = state_scheduler_queue;
  monitor_enter(&state_scheduler_queue->monitor);
  const uint64_t policy = queue->policy;
  scheduler_info_t described = {
      .entries = queue->count,
      .enqueued = queue->enqueued,
      .switched = queue->sequence - queue->enqueued + queue->taken,
      .continued = queue->continued,
      .dropped = queue->dropped,
      .failures = queue->failures,
  };
  monitor_exit(&state_scheduler_queue->monitor);
  for (size_t i = 0; i < kTagLetters; i++) described.policy[i] = (char)(policy >> (8 * i) & 0x7f);
  *info = described;
  return OK;
}
