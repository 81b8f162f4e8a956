// SPDX-License-Identifier: MIT
// Tasks that make a step when the test says so, and the fixture.
#include <cstring>

#include "cells/load_generator/fake_world.h"
#include "nano_core/api/processor.h"

HOST_STATE_BYTES(load_generator_counters, 16384);
HOST_STATE_BYTES(load_generator_frames, 8192);
HOST_STATE_BYTES(load_generator_notes, 8192);

FakeWorld world;

namespace {

using Step = status_t (*)(task_progress_t *);

// The steps of `calls` are those of another cell. These bring two dozen operations each.
status_t CallsStep(task_progress_t *task) {
  load_worker_t worker;
  TRY(SEALED_OPEN(task, kLoadCallsTag, kLoadCallsVersion, &worker));
  const load_batch_t batch = {24, 0, 0, 0, 0, 0};
  const bool_result_t stopping = load_generator_begin(&worker, &batch);
  TRY(stopping.status);
  if (!stopping.value) return task_yield();
  TRY(load_generator_leave(&worker));
  return ERR(END);
}

const std::map<std::string, Step> &AllSteps() {
  static const std::map<std::string, Step> steps = {
      {"load_calls_step", CallsStep},
      {"load_generator_keys_step", load_generator_keys_step},
      {"load_generator_alloc_step", load_generator_alloc_step},
      {"load_generator_tasks_step", load_generator_tasks_step},
      {"load_generator_timers_step", load_generator_timers_step},
      {"load_generator_child_step", load_generator_child_step},
      {"load_generator_sleeper_step", load_generator_sleeper_step},
  };
  return steps;
}

task_result_t Spawn(text_t name, reference_t step, const task_progress_t *progress, bool joinable) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (world.spawns_left-- <= 0) return {ERR(NO_MEMORY), {}};
  FakeTask task = {};
  task.name = fake_string(name);
  task.step = fake_core().obtained.at(step.index - 1);
  task.progress = *progress;
  task.joinable = joinable;
  const auto index = static_cast<uint32_t>(world.tasks.size());
  world.tasks.push_back(task);
  task_info_t info = {};
  task.name.copy(info.name, kTaskNameBytes - 1);
  info.index = index;
  info.generation = 7;
  info.status = kTaskReady;
  fake_core().tasks.push_back(info);
  return {OK, {index, 7}};
}

void End(size_t index, status_t result) {
  world.tasks[index].ended = true;
  world.tasks[index].result = result;
  fake_core().references_held--;
  if (!world.tasks[index].joinable) fake_core().tasks[index] = {};
}

status_t MakeStep(size_t index) {
  FakeTask &task = world.tasks[index];
  const bool is_child = task.step == "load_generator_child_step";
  const task_progress_t before = task.progress;
  status_t status = AllSteps().at(task.step)(&task.progress);
  EXPECT_EQ(host_monitor_depth(), 0u);
  task.steps++;
  if (is_child && world.step_twice && status_is_ok(status)) {
    task.progress = before;  // as if two processors had made it at once
  }
  if (is_child && world.early_end) status = ERR(END);
  if (!status_is_ok(status) && !status_is(status, STATUS_WOULD_BLOCK)) End(index, status);
  return status;
}

// Tasks that were cancelled end between two steps.
void EndCancelled() {
  for (const task_t task : fake_core().cancelled) {
    if (!world.tasks.at(task.index).ended) End(task.index, ERR(CANCELLED));
  }
}

}  // namespace

task_result_t task_spawn(text_t name, reference_t step, const task_progress_t *progress) {
  return Spawn(name, step, progress, false);
}

task_result_t task_spawn_joinable(text_t name, reference_t step, const task_progress_t *progress) {
  return Spawn(name, step, progress, true);
}

status_t task_join(task_t handle, task_end_t *end) {
  if (handle.generation != 7 || handle.index >= world.tasks.size()) return ERR(STALE);
  FakeTask &task = world.tasks[handle.index];
  if (task.joined || !task.joinable) return ERR(STALE);
  if (!task.ended) return ERR(WOULD_BLOCK);
  task.joined = true;
  fake_core().tasks[handle.index] = {};
  *end = {task.result, task.steps};
  return OK;
}

status_t task_yield(void) {
  world.yields++;
  return OK;
}

u32_result_t processor_count(void) { return {OK, world.processors}; }

status_t reference_retain(reference_t target) {
  if (reference_is_none(target)) return ERR(STALE);
  fake_core().references_held++;
  return OK;
}

void LoadTest::SetUp() {
  HOST_STATE_CLEAR(load_generator_counters);
  HOST_STATE_CLEAR(load_generator_frames);
  HOST_STATE_CLEAR(load_generator_notes);
  fake_core() = {};
  world = {};
  EXPECT_TRUE(status_is_ok(load_generator_initialize()));
}

void LoadTest::Start(const std::string &name) {
  EXPECT_TRUE(status_is_ok(load_generator_start({name.data(), name.size()})));
}

status_t LoadTest::Stop(const std::string &name) {
  return load_generator_stop({name.data(), name.size()});
}

load_report_t LoadTest::Report(const std::string &name) {
  load_report_t report = {};
  for (uint64_t i = 0; status_is_ok(load_generator_describe(i, &report)); i++) {
    if (name == report.name) return report;
  }
  ADD_FAILURE() << name;
  return report;
}

status_t LoadTest::Steps(const std::string &load, int count) {
  status_t status = OK;
  for (int round = 0; round < count; round++) {
    EndCancelled();
    for (size_t i = 0; i < world.tasks.size(); i++) {
      const FakeTask &task = world.tasks[i];
      const bool is_child = task.name.find('.') != std::string::npos;
      const bool is_meant = task.name == load || task.name.rfind(load + "/", 0) == 0;
      if (task.ended || !is_meant) continue;
      if (is_child && world.deaf_children) continue;
      status = MakeStep(i);
    }
  }
  return status;
}

void LoadTest::StopAndWait(const std::string &name) {
  for (int i = 0; i < 100 && status_is(Stop(name), STATUS_WOULD_BLOCK); i++) {
    world.now += 1000000;
    Work(name, 1);
  }
  EXPECT_TRUE(status_is_ok(Stop(name)));
}

std::vector<std::string> LoadTest::Alive() {
  std::vector<std::string> names;
  for (const FakeTask &task : world.tasks) {
    if (!task.ended) names.push_back(task.name);
  }
  return names;
}

void LoadTest::Kill(const std::string &name, status_t result) {
  for (size_t i = 0; i < world.tasks.size(); i++) {
    if (world.tasks[i].name == name && !world.tasks[i].ended) return End(i, result);
  }
  ADD_FAILURE() << name;
}
