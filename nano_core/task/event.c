// SPDX-License-Identifier: MIT
#include "nano_core/api/event.h"

#include "nano_core/arch/cpu.h"
#include "nano_core/core/core.h"
#include "nano_core/gate/caller.h"
#include "nano_core/task/task.h"

static status_t find(event_t event, event_record_t **record) {
  if (event.index >= kEvents || event.generation == 0) return ERR(STALE);
  event_record_t *found = &core_current()->events[event.index];
  if (!found->used || found->generation != event.generation) return ERR(STALE);
  *record = found;
  return OK;
}

event_result_t event_create(void) {
  core_t *core = core_current();
  const instance_t *maker = gate_caller();
  const uint64_t flags = cpu_flags_save();
  event_result_t result = {.status = ERR(NO_MEMORY)};
  for (uint32_t i = 0; i < kEvents; i++) {
    event_record_t *record = &core->events[i];
    if (record->used) continue;
    record->used = true;
    record->generation++;
    record->sequence = 0;
    record->maker = maker == nullptr ? nullptr : maker->interface;
    result = (event_result_t){.value = {i, record->generation}};
    break;
  }
  cpu_flags_restore(flags);
  return result;
}

status_t event_destroy(event_t event) {
  const uint64_t flags = cpu_flags_save();
  event_record_t *record;
  const status_t status = find(event, &record);
  if (status_is_ok(status)) {
    record->used = false;
    tasks_wake(event);
  }
  cpu_flags_restore(flags);
  return status;
}

status_t event_signal(event_t event) {
  const uint64_t flags = cpu_flags_save();
  event_record_t *record;
  const status_t status = find(event, &record);
  if (status_is_ok(status)) {
    record->sequence++;
    tasks_wake(event);
  }
  cpu_flags_restore(flags);
  return status;
}

status_t event_watch(event_t event) {
  const cpu_t *cpu = cpu_current();
  const uint64_t flags = cpu_flags_save();
  event_record_t *record;
  const status_t status = find(event, &record);
  task_record_t *task = cpu->interrupt_depth > 0 ? nullptr : cpu->task;
  if (status_is_ok(status) && task != nullptr) {
    task->watches[task->watch_count++ % kWatches] = (watch_t){event, record->sequence};
  }
  cpu_flags_restore(flags);
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

bool watch_has_moved(const watch_t *watch) {
  const event_record_t *record = &core_current()->events[watch->event.index];
  return !record->used || record->generation != watch->event.generation ||
         record->sequence != watch->sequence;
}
