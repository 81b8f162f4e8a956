// SPDX-License-Identifier: MIT
// How loads are started, stopped and described.
#include "cells/load_generator/load_generator.h"

#include "cells/load_generator/fake_world.h"

namespace {

using LoadGeneratorTest = LoadTest;
using Names = std::vector<std::string>;

TEST_F(LoadGeneratorTest, Describe_AtFirst_AllAreIdle) {
  for (const char *name : {"calls", "keys", "alloc", "tasks", "timers"}) {
    EXPECT_EQ(Report(name).status, static_cast<uint32_t>(kLoadGeneratorIdle));
    EXPECT_EQ(Report(name).operations, 0u);
  }
  load_report_t report;
  EXPECT_TRUE(status_is(load_generator_describe(5, &report), STATUS_END));
  EXPECT_TRUE(status_is(load_generator_describe_worker(5, 0, &report), STATUS_END));
  EXPECT_TRUE(status_is(load_generator_describe_worker(0, 0, &report), STATUS_END));
}

TEST_F(LoadGeneratorTest, Start_AWorkerForEachProcessor) {
  world.processors = 3;
  Start("calls");
  EXPECT_EQ(Alive(), (Names{"calls/0", "calls/1", "calls/2"}));
  EXPECT_EQ(fake_core().obtained, Names{"load_calls_step"});
  EXPECT_EQ(fake_core().references_held, 3);
  EXPECT_EQ(Report("calls").workers, 3u);
  Start("keys");
  EXPECT_EQ(Report("keys").workers, 1u) << "there is one keyboard";
}

TEST_F(LoadGeneratorTest, Start_OneProcessor_TasksAndTimersHaveTwoWorkers) {
  Start("tasks");
  Start("timers");
  EXPECT_EQ(Alive(), (Names{"tasks/0", "tasks/1", "timers/0", "timers/1"}));
}

TEST_F(LoadGeneratorTest, Start_ManyProcessors_AsManyWorkersAsThereIsRoomFor) {
  world.processors = 255;
  Start("alloc");
  EXPECT_EQ(Report("alloc").workers, 16u);
}

TEST_F(LoadGeneratorTest, Start_Twice_IsBusy) {
  Start("calls");
  EXPECT_TRUE(status_is(load_generator_start(TEXT("calls")), STATUS_BUSY));
  EXPECT_EQ(Alive(), Names{"calls/0"});
}

TEST_F(LoadGeneratorTest, Start_Unknown_IsNotFound) {
  EXPECT_TRUE(status_is(load_generator_start(TEXT("queue")), STATUS_NOT_FOUND));
  EXPECT_TRUE(status_is(Stop(""), STATUS_NOT_FOUND));
}

TEST_F(LoadGeneratorTest, Start_NoTask_NothingIsStarted) {
  world.spawns_left = 0;
  EXPECT_TRUE(status_is(load_generator_start(TEXT("keys")), STATUS_NO_MEMORY));
  EXPECT_EQ(Report("keys").status, static_cast<uint32_t>(kLoadGeneratorIdle));
  EXPECT_EQ(fake_core().references_held, 0);
}

TEST_F(LoadGeneratorTest, Start_ThirdWorkerCannotBeMade_TheFirstTwoEnd) {
  world.processors = 4;
  world.spawns_left = 2;
  EXPECT_TRUE(status_is(load_generator_start(TEXT("alloc")), STATUS_NO_MEMORY));
  EXPECT_EQ(Report("alloc").status, static_cast<uint32_t>(kLoadGeneratorIdle));
  EXPECT_TRUE(status_is(Steps("alloc", 1), STATUS_END));
  EXPECT_EQ(Alive(), Names{});
  EXPECT_EQ(fake_core().references_held, 0);
  EXPECT_EQ(world.pools, 0) << "they have not begun to work";
  world.spawns_left = 4;
  Start("alloc");
  Work("alloc", 1);
  EXPECT_EQ(Report("alloc").operations, 4u * 12u);
}

TEST_F(LoadGeneratorTest, Start_AfterStop_CountsAnew) {
  Start("calls");
  EXPECT_TRUE(status_is_ok(Steps("calls", 5)));
  StopAndWait("calls");
  EXPECT_GT(Report("calls").operations, 70u);
  Start("calls");
  EXPECT_EQ(Report("calls").operations, 0u);
}

TEST_F(LoadGeneratorTest, Step_EveryBatch_GivesWay) {
  Start("calls");
  Work("calls", 5);
  EXPECT_EQ(world.yields, 5);
}

TEST_F(LoadGeneratorTest, Describe_ManyWorkers_AreSummedUp) {
  world.processors = 3;
  Start("alloc");
  Work("alloc", 10);
  EXPECT_EQ(Report("alloc").operations, 3u * 120u);
  load_report_t worker;
  EXPECT_TRUE(status_is_ok(load_generator_describe_worker(2, 1, &worker)));
  EXPECT_STREQ(worker.name, "alloc/1");
  EXPECT_EQ(worker.operations, 120u);
  EXPECT_TRUE(status_is(load_generator_describe_worker(2, 3, &worker), STATUS_END));
}

TEST_F(LoadGeneratorTest, Describe_WorkersOfOneLoad_DoNotDoTheSame) {
  world.processors = 2;
  Start("alloc");
  Work("alloc", 1);
  const size_t known = sizeof(load_worker_t);
  EXPECT_NE(
      memcmp(world.tasks[0].progress.opaque + known, world.tasks[1].progress.opaque + known, 512),
      0);
}

TEST_F(LoadGeneratorTest, Describe_WorkerEndedByItself_IsAnErrorAndNamed) {
  world.processors = 3;
  Start("alloc");
  Work("alloc", 10);
  Kill("alloc/1", ERR(FAULT));
  const load_report_t report = Report("alloc");
  EXPECT_EQ(report.errors, 1u);
  EXPECT_STREQ(report.ended, "alloc/1");
  EXPECT_STREQ(report.wrong, "");
  EXPECT_EQ(report.operations, 3u * 120u) << "what it did is not lost";
  Work("alloc", 10);
  EXPECT_EQ(Report("alloc").errors, 1u) << "it is counted once";
  EXPECT_EQ(Report("alloc").operations, 5u * 120u) << "the others go on";
}

TEST_F(LoadGeneratorTest, Stop_NeverStarted_IsOk) { EXPECT_TRUE(status_is_ok(Stop("alloc"))); }

TEST_F(LoadGeneratorTest, Stop_WaitsForEveryWorker) {
  world.processors = 2;
  Start("alloc");
  Work("alloc", 20);
  EXPECT_TRUE(status_is(Stop("alloc"), STATUS_WOULD_BLOCK));
  Work("alloc/0", 1);
  EXPECT_TRUE(status_is(Stop("alloc"), STATUS_WOULD_BLOCK));
  Work("alloc", 1);
  EXPECT_TRUE(status_is_ok(Stop("alloc")));
  EXPECT_EQ(Report("alloc").status, static_cast<uint32_t>(kLoadGeneratorStopped));
  EXPECT_TRUE(world.frames.empty() && world.blocks.empty() && world.pools == 0);
}

TEST_F(LoadGeneratorTest, Stop_WorkerStoppedButItsTaskIsThere_WaitsForThat) {
  Start("calls");
  EXPECT_TRUE(status_is(Stop("calls"), STATUS_WOULD_BLOCK));
  const task_info_t info = fake_core().tasks[0];
  Work("calls", 1);
  fake_core().tasks[0] = info;
  EXPECT_EQ(Report("calls").status, static_cast<uint32_t>(kLoadGeneratorStopped));
  EXPECT_TRUE(status_is(Stop("calls"), STATUS_WOULD_BLOCK));
  fake_core().tasks[0] = {};
  EXPECT_TRUE(status_is_ok(Stop("calls")));
}

TEST_F(LoadGeneratorTest, Stop_WorkerEndedByItself_DoesNotHang) {
  world.processors = 2;
  Start("calls");
  Work("calls", 1);
  Kill("calls/0", ERR(CANCELLED));
  StopAndWait("calls");
  EXPECT_EQ(Report("calls").errors, 1u);
  EXPECT_STREQ(Report("calls").ended, "calls/0");
}

TEST_F(LoadGeneratorTest, Stop_PlaceOfAnEndedWorkerTakenByAnotherTask_IsNotTakenForIt) {
  Start("calls");
  Kill("calls/0", ERR(FAULT));
  fake_core().tasks[0].name[0] = 'x';
  fake_core().tasks[0].generation = 8;
  StopAndWait("calls");
  EXPECT_STREQ(Report("calls").ended, "calls/0");
}

TEST_F(LoadGeneratorTest, Stop_LoadHangs_IsCancelledAndAnError) {
  world.processors = 2;
  Start("calls");
  EXPECT_TRUE(status_is(Stop("calls"), STATUS_WOULD_BLOCK));
  world.now += 6000000000;
  EXPECT_TRUE(status_is_ok(Stop("calls")));
  EXPECT_EQ(fake_core().cancelled.size(), 2u);
  Work("calls", 1);
  EXPECT_EQ(Alive(), Names{});
  EXPECT_EQ(Report("calls").errors, 2u);
  EXPECT_EQ(Report("calls").status, static_cast<uint32_t>(kLoadGeneratorStopped));
}

TEST_F(LoadGeneratorTest, Describe_Stopped_TimeStandsStill) {
  Start("calls");
  world.now += 5000000;
  StopAndWait("calls");
  const uint64_t run_ns = Report("calls").run_ns;
  EXPECT_GE(run_ns, 5000000u);
  world.now += 5000000;
  EXPECT_EQ(Report("calls").run_ns, run_ns);
}

TEST_F(LoadGeneratorTest, Step_OfAnEarlierRun_EndsAndCountsNothing) {
  Start("alloc");
  Work("alloc", 1);
  const task_progress_t old = world.tasks[0].progress;
  StopAndWait("alloc");
  Start("alloc");
  task_progress_t progress = old;
  EXPECT_TRUE(status_is(load_generator_alloc_step(&progress), STATUS_END));
  EXPECT_EQ(Report("alloc").operations, 0u);
}

// What the steps of other cells call.

load_worker_t FirstWorker() {
  load_worker_t worker = {};
  memcpy(&worker, world.tasks.front().progress.opaque, sizeof(worker));
  return worker;
}

constexpr load_batch_t kBatch = {1, 2, 3, 4, 5, 6};

TEST_F(LoadGeneratorTest, Begin_Batches_AreAddedUp) {
  Start("calls");
  const load_worker_t worker = FirstWorker();
  for (int i = 0; i < 2; i++) {
    const bool_result_t stopping = load_generator_begin(&worker, &kBatch);
    EXPECT_TRUE(status_is_ok(stopping.status));
    EXPECT_FALSE(stopping.value);
  }
  const load_report_t report = Report("calls");
  EXPECT_EQ(report.operations, 2u);
  EXPECT_EQ(report.lost, 4u);
  EXPECT_EQ(report.errors, 6u);
  EXPECT_EQ(report.retries, 8u);
  EXPECT_EQ(report.external, 10u);
  EXPECT_EQ(report.worst_ns, 6u);
}

TEST_F(LoadGeneratorTest, Begin_OfAnEarlierRun_IsEndAndCountsNothing) {
  Start("calls");
  const load_worker_t worker = FirstWorker();
  StopAndWait("calls");
  Start("calls");
  EXPECT_TRUE(status_is(load_generator_begin(&worker, &kBatch).status, STATUS_END));
  EXPECT_TRUE(status_is_ok(load_generator_leave(&worker)));
  EXPECT_EQ(Report("calls").operations, 0u);
  EXPECT_TRUE(status_is(Stop("calls"), STATUS_WOULD_BLOCK)) << "the worker of this run is there";
}

TEST_F(LoadGeneratorTest, Begin_Stopping_IsToLeave) {
  world.processors = 2;
  Start("calls");
  const load_worker_t worker = FirstWorker();
  EXPECT_TRUE(status_is(Stop("calls"), STATUS_WOULD_BLOCK));
  EXPECT_TRUE(load_generator_begin(&worker, &kBatch).value);
  EXPECT_EQ(Report("calls").operations, 1u) << "the last batch is not lost";
  EXPECT_TRUE(status_is_ok(load_generator_leave(&worker)));
  EXPECT_EQ(Report("calls").status, static_cast<uint32_t>(kLoadGeneratorStopping));
  Work("calls/1", 1);
  EXPECT_EQ(Report("calls").status, static_cast<uint32_t>(kLoadGeneratorStopped));
}

TEST_F(LoadGeneratorTest, Begin_NoSuchWorker_IsOutOfRange) {
  Start("calls");
  for (const load_worker_t &bad : {load_worker_t{5, 1, 0, 0}, load_worker_t{0, 1, 16, 0}}) {
    EXPECT_TRUE(status_is(load_generator_begin(&bad, &kBatch).status, STATUS_OUT_OF_RANGE));
    EXPECT_TRUE(status_is(load_generator_leave(&bad), STATUS_OUT_OF_RANGE));
  }
}

TEST_F(LoadGeneratorTest, Step_ForeignProgress_IsInvalidObject) {
  for (const auto step :
       {load_generator_keys_step, load_generator_alloc_step, load_generator_tasks_step,
        load_generator_timers_step, load_generator_child_step, load_generator_sleeper_step}) {
    task_progress_t progress = {};
    progress.seal.tag = 1;
    EXPECT_TRUE(status_is(step(&progress), STATUS_INVALID_OBJECT));
  }
}

}  // namespace
