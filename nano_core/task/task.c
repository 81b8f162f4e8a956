// SPDX-License-Identifier: MIT
#include "nano_core/task/task.h"

#include "nano_core/api/cycle_counter.h"
#include "nano_core/arch/paging.h"
#include "nano_core/core/lock.h"
#include "nano_core/core/trace.h"
#include "nano_core/gate/reference.h"
#include "nano_core/memory/frames.h"
#include "nano_core/processor/processor.h"

// So many frames stay in the reserve for whoever must not fail.
enum { kReserveForTasks = 16 };

static const uint64_t kUsualPriority = kScheduleUsualPriority;

// task_lock is held.
static task_slot_t *find_slot(task_t task) {
  if (task.index >= kTasks || task.generation == 0) return nullptr;
  task_slot_t *slot = &core_current()->tasks[task.index];
  return slot->generation == task.generation ? slot : nullptr;
}

static task_record_t *find_record(task_t task) {
  const task_slot_t *slot = find_slot(task);
  return slot == nullptr ? nullptr : slot->record;
}

void task_trace(const task_record_t *task, enum trace_kind kind, status_t status, uint64_t value) {
  trace_record(kind, core_current()->references[task->step.index].provider, task->self.index, 0,
               status, value);
}

static void free_slot(core_t *core, task_slot_t *slot) {
  slot->parent = (task_t){};
  slot->next = core->free_task;
  core->free_task = (uint32_t)(slot - core->tasks) + 1;
  // The handle is stale from here on.
  slot->generation = slot->generation == UINT32_MAX ? 1 : slot->generation + 1;
}

// Results that nobody can ask for any more, since the task that could is gone.
static void sweep(core_t *core) {
  for (uint32_t i = 0; i < core->used_tasks; i++) {
    task_slot_t *slot = &core->tasks[i];
    if (slot->record != nullptr || slot->parent.generation == 0) continue;
    if (find_record(slot->parent) == nullptr) free_slot(core, slot);
  }
}

static task_slot_t *take_slot(core_t *core) {
  if (core->free_task == 0 && core->used_tasks == kTasks) sweep(core);
  if (core->free_task != 0) {
    task_slot_t *slot = &core->tasks[core->free_task - 1];
    core->free_task = slot->next;
    return slot;
  }
  if (core->used_tasks == kTasks) return nullptr;
  task_slot_t *slot = &core->tasks[core->used_tasks++];
  slot->generation = 1;
  return slot;
}

static status_t take_frame(task_frame_t **frame) {
  const core_t *core = core_current();
  // What was ensured for an object that is being loaded is not for tasks.
  const bool spare = !core->loading && core->reserve_count > kReserveForTasks;
  const paddr_result_t taken = spare ? core_frame_take() : frame_obtain();
  TRY(taken.status);
  *frame = physical_pointer(taken.value);
  return OK;
}

static void give_frame(void *frame) {
  core_frame_give((paddr_t){(uint64_t)(uintptr_t)frame - kPhysicalMapBase});
}

static void fill(task_frame_t *frame, text_t name, reference_t step,
                 const task_progress_t *progress) {
  frame->record =
      (task_record_t){.step = step,
                      .entry = &core_current()->references[step.index],
                      .schedule = {.priority = kUsualPriority, .weight = kScheduleUsualWeight}};
  text_copy((text_buffer_t){frame->record.name, kTaskNameBytes - 1}, name);
  __builtin_memcpy(&frame->progress, progress, sizeof(*progress));
}

// task_lock is held.
static task_result_t publish(core_t *core, task_record_t *task, bool joinable) {
  task_slot_t *slot = take_slot(core);
  if (slot == nullptr) return (task_result_t){.status = ERR(NO_MEMORY)};
  const cpu_t *cpu = cpu_current();
  task->slot = slot;
  task->self = (task_t){(uint32_t)(slot - core->tasks), slot->generation};
  if (joinable && cpu->task != nullptr) task->parent = cpu->task->self;
  task->joinable = joinable;
  slot->parent = task->parent;
  slot->result = STATUS_OK;
  slot->record = task;
  inbox_add(task, kScheduleReady);
  return (task_result_t){.value = task->self};
}

static task_result_t spawn(text_t name, reference_t step, const task_progress_t *progress,
                           bool joinable) {
  core_t *core = core_current();
  if (name.length == 0 || name.length >= kTaskNameBytes) {
    return (task_result_t){.status = ERR(INVALID_ARGUMENT)};
  }
  reference_record_t *reference;
  TRY_RESULT(task_result_t, reference_find(step, &reference));
  if (CPU_READ(interrupt_depth) > 0) return (task_result_t){.status = ERR(UNAVAILABLE)};
  task_frame_t *frame;
  TRY_RESULT(task_result_t, take_frame(&frame));
  fill(frame, name, step, progress);
  const uint64_t flags = leaf_lock(&core->task_lock);
  const task_result_t result = publish(core, &frame->record, joinable);
  leaf_unlock(&core->task_lock, flags);
  if (!status_is_ok(result.status)) {
    give_frame(frame);
    return result;
  }
  if (!joinable) {
    trace_record(kTraceTaskStart, reference->provider, result.value.index, 0, OK, 0);
  }
  inbox_announce();
  return result;
}

task_result_t task_spawn(text_t name, reference_t step, const task_progress_t *progress) {
  return spawn(name, step, progress, false);
}

task_result_t task_spawn_joinable(text_t name, reference_t step, const task_progress_t *progress) {
  return spawn(name, step, progress, true);
}

void task_end(task_record_t *task, status_t status) {
  core_t *core = core_current();
  if (!task->joinable) task_trace(task, kTraceTaskEnd, status, task->steps);
  const uint64_t flags = leaf_lock(&core->task_lock);
  task_slot_t *slot = task->slot;
  watches_unlink(task);
  event_wake(&task->ended);
  slot->record = nullptr;
  slot->result = status.code;
  slot->steps = task->steps;
  const bool kept =
      task->joinable && (task->parent.generation == 0 || find_record(task->parent) != nullptr);
  if (!kept) free_slot(core, slot);
  leaf_unlock(&core->task_lock, flags);
  status_ignore(reference_release(task->step), "the task held it");
  give_frame(task);
}

static bool is_own(task_t task) {
  const task_result_t self = task_self();
  return status_is_ok(self.status) && self.value.index == task.index &&
         self.value.generation == task.generation;
}

// task_lock is held. OK: `end` is filled in.
static status_t join(core_t *core, task_t task, task_end_t *end) {
  task_slot_t *slot = find_slot(task);
  if (slot == nullptr) return ERR(STALE);
  if (slot->record != nullptr) return slot->record->joinable ? ERR(WOULD_BLOCK) : ERR(UNSUPPORTED);
  *end = (task_end_t){.result = {slot->result}, .steps = slot->steps};
  free_slot(core, slot);
  return OK;
}

status_t task_join(task_t task, task_end_t *end) {
  core_t *core = core_current();
  if (is_own(task)) return ERR(INVALID_ARGUMENT);
  // First watched, then asked: an end that comes in between is not missed.
  const event_t ended = {kEvents + task.index, task.generation};
  if (task.index < kTasks) status_ignore(event_watch(ended), "gone, if it has ended");
  task_end_t found = {};
  const uint64_t flags = leaf_lock(&core->task_lock);
  const status_t status = join(core, task, &found);
  leaf_unlock(&core->task_lock, flags);
  if (status_is_ok(status)) *end = found;
  return status;
}

static status_t cancel(task_t task) {
  task_record_t *record = find_record(task);
  if (record == nullptr) return ERR(STALE);
  if (record->is_protected) return ERR(DENIED);
  if (record->cancelled != 0) return ERR(CANCELLED);
  record->cancelled = 1;
  if (record->status == kTaskWaiting) {
    watches_unlink(record);
    inbox_add(record, kScheduleReady);
  }
  return OK;
}

status_t task_cancel(task_t task) {
  core_t *core = core_current();
  const uint64_t flags = leaf_lock(&core->task_lock);
  const status_t status = cancel(task);
  leaf_unlock(&core->task_lock, flags);
  inbox_announce();
  return status;
}

task_result_t task_self(void) {
  const uint64_t flags = cpu_flags_save();
  const cpu_t *cpu = cpu_current();
  const task_record_t *task = cpu->interrupt_depth > 0 ? nullptr : cpu->task;
  const task_result_t result = task == nullptr ? (task_result_t){.status = ERR(NOT_FOUND)}
                                               : (task_result_t){.value = task->self};
  cpu_flags_restore(flags);
  return result;
}

status_t task_yield(void) {
  task_record_t *task = (task_record_t *)CPU_READ(task);
  if (task != nullptr) task->yields = 1;
  return OK;
}

status_t task_preempt(void) {
  cpu_current()->preempt_wanted = 1;
  processors_preempt();
  return OK;
}

status_t task_set_parameters(task_t task, const task_parameters_t *parameters) {
  if (parameters->priority >= kSchedulePriorities || parameters->weight == 0) {
    return ERR(OUT_OF_RANGE);
  }
  core_t *core = core_current();
  const task_parameters_t wanted = *parameters;
  const uint64_t flags = leaf_lock(&core->task_lock);
  task_record_t *record = find_record(task);
  if (record != nullptr) {
    record->schedule.priority = wanted.priority;
    record->schedule.weight = wanted.weight;
    record->schedule.deadline = wanted.deadline;
  }
  leaf_unlock(&core->task_lock, flags);
  return record == nullptr ? ERR(STALE) : OK;
}

// On the way from step to step it is not written down who makes them.
static uint32_t processor_of(const task_record_t *record) {
  const core_t *core = core_current();
  for (uint32_t i = 0; i < kProcessors; i++) {
    const bool online = (core->online >> i & 1) != 0;
    if (online && __atomic_load_n(&core->cpus[i]->task, __ATOMIC_RELAXED) == record) return i;
  }
  return record->processor;
}

static task_info_t describe(const task_slot_t *slot, uint64_t index) {
  const task_record_t *record = slot->record;
  task_info_t info = {.index = (uint32_t)index,
                      .generation = slot->generation,
                      .status = kTaskEnded,
                      .steps = slot->steps,
                      .result = {slot->result}};
  if (record == nullptr) return info;
  info.status = record->status;
  info.processor = processor_of(record);
  info.steps = record->steps;
  info.preemptions = record->preemptions;
  info.ran = record->ran;
  const bool in_step = record->status == kTaskRunning || record->context != nullptr;
  info.step_started = in_step ? record->step_started : 0;
  info.priority = record->schedule.priority;
  info.weight = record->schedule.weight;
  info.deadline = record->schedule.deadline;
  __builtin_memcpy(info.name, record->name, kTaskNameBytes);
  return info;
}

status_t task_describe(uint64_t index, task_info_t *info) {
  core_t *core = core_current();
  if (index >= core->used_tasks) return ERR(OUT_OF_RANGE);
  const uint64_t flags = leaf_lock(&core->task_lock);
  const task_slot_t *slot = &core->tasks[index];
  const bool there = slot->record != nullptr || slot->parent.generation != 0;
  const task_info_t described = there ? describe(slot, index) : (task_info_t){};
  leaf_unlock(&core->task_lock, flags);
  if (!there) return ERR(NOT_FOUND);
  *info = described;
  return OK;
}
