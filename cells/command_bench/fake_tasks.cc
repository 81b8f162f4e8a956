// SPDX-License-Identifier: MIT
#include "cells/command_bench/fake_tasks.h"

#include <cstring>

namespace {

FakeTasks world;

FakeTask *find(task_t task) {
  if (task.generation != 1 || task.index >= world.tasks.size()) return nullptr;
  FakeTask *found = &world.tasks[task.index];
  return found->joined ? nullptr : found;
}

void make_step(FakeTask *task) {
  host_cycles += world.cycles_between;
  world.in_step = true;
  const status_t status = command_bench_task_step(&task->progress);
  world.in_step = false;
  task->steps++;
  const bool waits = status_is(status, STATUS_WOULD_BLOCK);
  task_info_t *info = &fake_core().tasks[task->self.index];
  info->status = waits ? kTaskWaiting : kTaskReady;
  if (waits || status_is_ok(status)) return;
  task->result = status;
  task->ended = true;
  info->status = kTaskEnded;
  world.alive--;
  fake_core().references_held--;  // that the task held
}

}  // namespace

FakeTasks &fake_tasks() { return world; }

task_result_t task_spawn_joinable(text_t, reference_t, const task_progress_t *progress) {
  if (world.alive == world.room) return {ERR(NO_MEMORY), {}};
  const auto index = static_cast<uint32_t>(world.tasks.size());
  world.tasks.push_back({*progress, {index, 1}, {}});
  world.alive++;
  task_info_t info = {};
  strcpy(info.name, "bench");
  info.status = kTaskReady;
  fake_core().tasks.push_back(info);
  if (!world.in_step) make_step(&world.tasks.back());
  return {OK, {index, 1}};
}

status_t task_join(task_t task, task_end_t *end) {
  FakeTask *found = find(task);
  if (found == nullptr) return ERR(STALE);
  if (!found->ended && !world.in_step) {
    for (size_t i = 0; i < world.tasks.size(); i++) {
      if (!world.tasks[i].ended) make_step(&world.tasks[i]);
    }
  }
  if (!found->ended) return ERR(WOULD_BLOCK);
  *end = {found->result, found->steps};
  found->joined = true;
  return OK;
}

status_t task_yield(void) { return OK; }

status_t reference_retain(reference_t) {
  fake_core().references_held++;
  return OK;
}

status_t event_destroy(event_t event) {
  if (event_is_none(event)) return ERR(STALE);
  world.events_destroyed++;
  return OK;
}

u32_result_t processor_self(void) { return {OK, 0}; }
u32_result_t processor_count(void) { return {OK, 1}; }
