// SPDX-License-Identifier: MIT
#include "nano_core/api/event.h"

#include "nano_core/core/lock.h"
#include "nano_core/gate/caller.h"
#include "nano_core/task/task.h"

// The events from kEvents on are those of tasks' ends; cells cannot signal them.
static status_t find_any(event_t event, event_record_t **record) {
  core_t *core = core_current();
  if (event.generation == 0 || event.index >= kEvents + kTasks) return ERR(STALE);
  if (event.index >= kEvents) {
    const task_slot_t *slot = &core->tasks[event.index - kEvents];
    if (slot->record == nullptr || slot->generation != event.generation) return ERR(STALE);
    *record = &slot->record->ended;
    return OK;
  }
  event_record_t *found = &core->events[event.index];
  if (!found->used || found->generation != event.generation) return ERR(STALE);
  *record = found;
  return OK;
}

static status_t find(event_t event, event_record_t **record) {
  return event.index >= kEvents ? ERR(STALE) : find_any(event, record);
}

static event_result_t create(core_t *core, const interface_record_t *maker) {
  for (uint32_t i = 0; i < kEvents; i++) {
    event_record_t *record = &core->events[i];
    if (record->used) continue;
    *record = (event_record_t){.used = true, .generation = record->generation + 1, .maker = maker};
    return (event_result_t){.value = {i, record->generation}};
  }
  return (event_result_t){.status = ERR(NO_MEMORY)};
}

event_result_t event_create(void) {
  core_t *core = core_current();
  const instance_t *maker = gate_caller();
  const uint64_t flags = leaf_lock(&core->task_lock);
  const event_result_t result = create(core, maker == nullptr ? nullptr : maker->interface);
  leaf_unlock(&core->task_lock, flags);
  return result;
}

void watches_unlink(task_record_t *task) {
  for (size_t i = 0; i < kWatches; i++) {
    watch_t *watch = &task->watches[i];
    if (watch->link == nullptr) continue;
    *watch->link = watch->next;
    if (watch->next != nullptr) watch->next->link = watch->link;
    watch->link = nullptr;
  }
}

static void watch_link(watch_t *watch, event_record_t *event) {
  watch->next = event->watches;
  watch->link = &event->watches;
  if (watch->next != nullptr) watch->next->link = &watch->next;
  event->watches = watch;
}

void event_wake(event_record_t *event) {
  event->sequence++;
  while (event->watches != nullptr) {
    task_record_t *task = watch_task(event->watches);
    watches_unlink(task);
    inbox_add(task, kScheduleReady);
  }
}

status_t event_destroy(event_t event) {
  core_t *core = core_current();
  event_record_t *record;
  const uint64_t flags = leaf_lock(&core->task_lock);
  const status_t status = find(event, &record);
  if (status_is_ok(status)) {
    record->used = false;
    event_wake(record);
  }
  leaf_unlock(&core->task_lock, flags);
  inbox_announce();
  return status;
}

status_t event_signal(event_t event) {
  core_t *core = core_current();
  event_record_t *record;
  const uint64_t flags = leaf_lock(&core->task_lock);
  const status_t status = find(event, &record);
  const bool waited_for = status_is_ok(status) && record->watches != nullptr;
  if (status_is_ok(status)) event_wake(record);
  leaf_unlock(&core->task_lock, flags);
  if (waited_for) inbox_announce();
  return status;
}

// The latest ones, the newest last. An event that is watched again takes no second place, which
// another one may need; it is watched as of the first time, since what was tested then may be what
// the step waits for.
static void watch_add(task_record_t *task, event_t event, uint64_t sequence) {
  uint32_t place = 0;
  while (place < task->watch_count && (task->watches[place].event.index != event.index ||
                                       task->watches[place].event.generation != event.generation)) {
    place++;
  }
  if (place < task->watch_count) {
    sequence = task->watches[place].sequence;
  } else if (place < kWatches) {
    task->watch_count++;
  } else {
    place = 0;
  }
  for (; place + 1 < task->watch_count; place++) task->watches[place] = task->watches[place + 1];
  task->watches[place] = (watch_t){.event = event, .sequence = sequence};
}

status_t event_watch(event_t event) {
  core_t *core = core_current();
  event_record_t *record;
  const uint64_t flags = leaf_lock(&core->task_lock);
  const cpu_t *cpu = cpu_current();
  const status_t status = find_any(event, &record);
  task_record_t *task = cpu->interrupt_depth > 0 ? nullptr : cpu->task;
  if (status_is_ok(status) && task != nullptr) watch_add(task, event, record->sequence);
  leaf_unlock(&core->task_lock, flags);
  return status;
}

void events_forget(const interface_record_t *maker) {
  core_t *core = core_current();
  for (uint32_t i = 0; i < kEvents; i++) {
    const event_record_t *record = &core->events[i];
    if (!record->used || record->maker != maker) continue;
    status_ignore(event_destroy((event_t){i, record->generation}), "it is there");
  }
}

static bool any_moved(const task_record_t *task) {
  for (uint32_t i = 0; i < task->watch_count; i++) {
    const watch_t *watch = &task->watches[i];
    event_record_t *record;
    if (!status_is_ok(find_any(watch->event, &record))) return true;
    if (record->sequence != watch->sequence) return true;
  }
  return task->watch_count == 0;
}

bool task_park(task_record_t *task) {
  core_t *core = core_current();
  const uint64_t flags = leaf_lock(&core->task_lock);
  const bool waits = task->cancelled == 0 && !any_moved(task);
  for (uint32_t i = 0; waits && i < task->watch_count; i++) {
    event_record_t *record;
    if (status_is_ok(find_any(task->watches[i].event, &record))) {
      watch_link(&task->watches[i], record);
    }
  }
  if (waits) task->status = kTaskWaiting;
  leaf_unlock(&core->task_lock, flags);
  return waits;
}

void tasks_wake_all(void) {
  core_t *core = core_current();
  const uint64_t flags = leaf_lock(&core->task_lock);
  for (uint32_t i = 0; i < core->used_tasks; i++) {
    task_record_t *task = core->tasks[i].record;
    if (task == nullptr || task->status != kTaskWaiting) continue;
    watches_unlink(task);
    inbox_add(task, kScheduleReady);
  }
  leaf_unlock(&core->task_lock, flags);
  inbox_announce();
}
