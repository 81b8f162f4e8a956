// SPDX-License-Identifier: MIT
/// @file
/// The load `tasks`: one operation is one child that was made, ran and was joined. A child makes a
/// few steps, between which it gives way; one in eight waits for the timer, too. It counts its
/// steps, and leaves the count and a checksum over its number where its parent finds them: a step
/// that was made twice, or not at all, shows in either or in nano_core's own count.
#pragma once
#include "cells/load_generator/children.h"

enum {
  kTasksTag = SEALED_TAG('L', 'T', 'S', 'K'),
  kTasksVersion = 2,
  kTasksChildren = 32,  // alive at once
  kTaskChildTag = SEALED_TAG('L', 'T', 'C', 'H'),
  kTaskChildVersion = 1,
};

static const uint64_t kTasksPatienceNs = 3000000000;  // then a child is lost
static const uint64_t kTaskChildSleepNs = 1000000;

typedef struct tasks_progress {
  load_worker_t worker;
  reference_t step;  // of the children
  uint64_t next;     // child
  child_t children[kTasksChildren];
} tasks_progress_t;

typedef struct task_child_progress {
  uint64_t worker;
  uint64_t place;
  uint64_t number;
  uint64_t steps;     // made so far
  uint64_t rounds;    // of the checksum, made so far
  uint64_t checksum;  // so far
  uint64_t until_ns;  // sleeps until then; 0: has not yet, and may have to
} task_child_progress_t;

/// What a child leaves for its parent.
typedef struct task_note {
  uint64_t number;
  uint64_t steps;
  uint64_t checksum;
} task_note_t;

typedef struct load_generator_notes {
  monitor_t monitor;
  task_note_t notes[kWorkers][kTasksChildren];
} load_generator_notes_t;

STATE(load_generator_notes_t, load_generator_notes);

static inline uint64_t task_child_rounds(uint64_t number) { return 1 + number / kWorkers % 3; }
static inline bool task_child_sleeps(uint64_t number) { return number / kWorkers % 8 == 5; }

static inline uint64_t task_child_mix(uint64_t checksum, uint64_t round) {
  return (checksum ^ round) * UINT64_C(0x9e3779b97f4a7c15) + 1;
}

// Sleeps once. OK: it has, or the timer is away for now and is asked again.
static inline status_t task_child_sleep(task_child_progress_t *child) {
  if (child->until_ns == 0) {
    const nanoseconds_result_t now = timer_now();
    if (!status_is_ok(now.status)) return OK;
    child->until_ns = now.value.count + kTaskChildSleepNs;
  }
  const status_t status = timer_wait_until((nanoseconds_t){child->until_ns});
  if (status_is(status, STATUS_WOULD_BLOCK)) return status;
  if (status_is_ok(status)) child->rounds++;
  return OK;
}

static inline void task_child_leave_note(const task_child_progress_t *child) {
  const task_note_t note = {child->number, child->steps, child->checksum};
  monitor_enter(&state_load_generator_notes->monitor);
  state_copy(&state_load_generator_notes->notes[child->worker][child->place], &note, sizeof(note));
  monitor_exit(&state_load_generator_notes->monitor);
}

/// One turn of a child. END: its note is left.
static inline status_t task_child_turn(task_child_progress_t *child) {
  child->steps++;
  // The first round of a child that sleeps is its sleep, which no checksum knows of.
  if (child->rounds == 0 && task_child_sleeps(child->number)) return task_child_sleep(child);
  child->rounds++;
  child->checksum = task_child_mix(child->checksum, child->rounds);
  if (child->rounds <= task_child_rounds(child->number)) return OK;
  task_child_leave_note(child);
  return ERR(END);
}

static inline uint64_t task_child_checksum(uint64_t number) {
  uint64_t checksum = number;
  for (uint64_t round = task_child_sleeps(number) ? 2 : 1;; round++) {
    checksum = task_child_mix(checksum, round);
    if (round > task_child_rounds(number)) return checksum;
  }
}

static inline bool tasks_spawn(load_batch_t *batch, tasks_progress_t *progress, size_t place,
                               uint64_t now_ns) {
  child_t *child = &progress->children[place];
  child->number = progress->next++ * kWorkers + progress->worker.number;
  child->since_ns = now_ns;
  const task_child_progress_t first = {.worker = progress->worker.number,
                                       .place = place,
                                       .number = child->number,
                                       .checksum = child->number};
  task_progress_t task = {};
  SEALED_COMMIT(&task, kTaskChildTag, kTaskChildVersion, &first);
  return children_spawn(batch, child, &progress->worker, TEXT("tasks"), place, progress->step,
                        &task);
}

// Whether what the child, its note and nano_core say fits together.
static inline bool tasks_is_right(const tasks_progress_t *progress, size_t place,
                                  const task_end_t *end) {
  const uint64_t number = progress->children[place].number;
  monitor_enter(&state_load_generator_notes->monitor);
  const task_note_t note = state_load_generator_notes->notes[progress->worker.number][place];
  monitor_exit(&state_load_generator_notes->monitor);
  return status_is(end->result, STATUS_END) && note.number == number && note.steps == end->steps &&
         note.checksum == task_child_checksum(number);
}

// Looks after one place. Returns whether anything happened there.
static inline bool tasks_serve(load_batch_t *batch, tasks_progress_t *progress, size_t place,
                               uint64_t now_ns, bool stopping) {
  child_t *child = &progress->children[place];
  if (child->task.generation == 0) {
    return !stopping && tasks_spawn(batch, progress, place, now_ns);
  }
  const uint64_t took_ns = now_ns - child->since_ns;
  task_end_t end = {};
  if (children_join(child, &end)) {
    batch_count(batch, tasks_is_right(progress, place, &end));
    batch_took(batch, took_ns);
    return true;
  }
  if (took_ns < kTasksPatienceNs) return false;
  children_abandon(batch, child);
  return true;
}

/// One turn of a worker.
static inline status_t tasks_turn(load_batch_t *batch, tasks_progress_t *progress, bool stopping) {
  if (!children_prepare(batch, &progress->step, TEXT("load_generator_child_step"))) return OK;
  const nanoseconds_result_t now = timer_now();
  if (!batch_accept(batch, now.status)) return OK;
  bool moved = false;
  bool empty = true;
  for (size_t i = 0; i < kTasksChildren; i++) {
    moved |= tasks_serve(batch, progress, i, now.value.count, stopping);
    empty &= progress->children[i].task.generation == 0;
  }
  return children_wait(batch, &progress->step, stopping && empty, moved, now.value.count);
}
