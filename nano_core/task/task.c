// SPDX-License-Identifier: MIT
#include "nano_core/task/task.h"

#include "nano_core/api/schedule.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/arch/paging.h"
#include "nano_core/core/trace.h"
#include "nano_core/gate/reference.h"
#include "nano_core/memory/frames.h"
#include "nano_core/memory/mapping.h"

static status_t find(task_t task, task_record_t **record) {
  if (task.index >= kTasks || task.generation == 0) return ERR(STALE);
  task_record_t *found = &core_current()->tasks[task.index];
  if (found->status == 0 || found->generation != task.generation) return ERR(STALE);
  *record = found;
  return OK;
}

void task_trace(const task_record_t *task, enum trace_kind kind, status_t status, uint64_t value) {
  const core_t *core = core_current();
  trace_record(kind, core->references[task->step.index].provider, (uint64_t)(task - core->tasks), 0,
               status, value);
}

static task_record_t *take(core_t *core) {
  for (size_t i = 0; i < kTasks; i++) {
    if (core->tasks[i].status == 0) return &core->tasks[i];
  }
  return nullptr;
}

static task_result_t spawn(text_t name, reference_t step, const task_progress_t *progress) {
  core_t *core = core_current();
  reference_record_t *reference;
  TRY_RESULT(task_result_t, reference_find(step, &reference));
  task_record_t *task = take(core);
  if (task == nullptr) return (task_result_t){.status = ERR(NO_MEMORY)};
  const uint64_t pages = pages_for(sizeof(task_progress_t));
  mapping_t memory;
  TRY_RESULT(task_result_t, frames_ensure(pages));
  TRY_RESULT(task_result_t, mapping_create(kAreaRecords, pages, kPageWritable, &memory));
  *task = (task_record_t){.generation = task->generation + 1,
                          .status = kTaskReady,
                          .step = step,
                          .memory = memory,
                          .progress = (task_progress_t *)memory.start.bytes};
  *task->progress = *progress;
  text_copy((text_buffer_t){task->name, kTaskNameBytes - 1}, name);
  task_trace(task, kTraceTaskStart, OK, 0);
  return (task_result_t){.value = {(uint32_t)(task - core->tasks), task->generation}};
}

task_result_t task_spawn(text_t name, reference_t step, const task_progress_t *progress) {
  if (name.length == 0 || name.length >= kTaskNameBytes) {
    return (task_result_t){.status = ERR(INVALID_ARGUMENT)};
  }
  core_hold();
  const task_result_t result = spawn(name, step, progress);
  core_release();
  return result;
}

status_t task_cancel(task_t task) {
  task_record_t *record;
  TRY(find(task, &record));
  if (record->context != nullptr) return ERR(CANCELLED);
  record->cancelled = true;
  record->status = kTaskReady;  // the root ends it at its next turn
  return OK;
}

status_t task_describe(uint64_t index, task_info_t *info) {
  if (index >= kTasks) return ERR(OUT_OF_RANGE);
  const task_record_t *record = &core_current()->tasks[index];
  if (record->status == 0) return ERR(NOT_FOUND);
  *info = (task_info_t){.index = (uint32_t)index,
                        .status = record->status,
                        .steps = record->steps,
                        .preemptions = record->preemptions};
  __builtin_memcpy(info->name, record->name, kTaskNameBytes);
  return OK;
}

task_result_t task_spawn_joinable(text_t name, reference_t step, const task_progress_t *progress) {
  return task_spawn(name, step, progress);
}

status_t task_join(task_t task, task_end_t *end) {
  (void)task;
  (void)end;
  return ERR(UNSUPPORTED);
}

task_result_t task_self(void) { return (task_result_t){.status = ERR(NOT_FOUND)}; }

status_t task_yield(void) { return OK; }

status_t task_set_parameters(task_t task, const task_parameters_t *parameters) {
  (void)task;
  (void)parameters;
  return ERR(UNSUPPORTED);
}

status_t task_preempt(void) {
  cpu_current()->preempt_wanted = true;
  return OK;
}

static bool waits_for(const task_record_t *task, event_t event) {
  const uint32_t count = task->watch_count < kWatches ? task->watch_count : kWatches;
  for (uint32_t i = 0; i < count; i++) {
    const event_t watched = task->watches[i].event;
    if (watched.index == event.index && watched.generation == event.generation) return true;
  }
  return false;
}

void tasks_wake(event_t event) {
  core_t *core = core_current();
  for (size_t i = 0; i < kTasks; i++) {
    task_record_t *task = &core->tasks[i];
    if (task->status == kTaskWaiting && waits_for(task, event)) task->status = kTaskReady;
  }
}

void tasks_wake_all(void) {
  core_t *core = core_current();
  for (size_t i = 0; i < kTasks; i++) {
    if (core->tasks[i].status == kTaskWaiting) core->tasks[i].status = kTaskReady;
  }
}

void task_free(task_record_t *task) {
  mapping_destroy(&task->memory);
  status_ignore(reference_release(task->step), "the task held it");
  task->status = 0;
}
