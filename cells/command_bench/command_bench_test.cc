// SPDX-License-Identifier: MIT
#include "cells/command_bench/command_bench.h"

#include "cells/command_bench/board.h"
#include "cells/command_bench/fake_tasks.h"
#include "cells/console/console.h"
#include "cells/frame_allocator/frame_allocator.h"
#include "cells/heap/heap.h"
#include "cells/shell/shell.h"
#include "cells/timer/timer.h"
#include "testing/host/command_test.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(command_bench_word, 24);

namespace {

int pools = 0;
status_t heap = OK;
alignas(4096) uint8_t block[4096];
uint64_t freed_meanwhile = 0;  // frames, by others, while there are tasks
int lines = 0;

}  // namespace

status_t console_size(console_size_t *size) {
  *size = {80, 25};
  return OK;
}
status_t console_write(text_t text) {
  EXPECT_EQ(text.length, 65u);
  EXPECT_EQ(text.data[64], '\n');
  host_cycles += 70;
  lines++;
  return OK;
}

u64_result_t shell_ready_cycles(void) { return {OK, 4000000}; }

u64_result_t frame_allocator_total_frames(void) { return {OK, 1000}; }
u64_result_t frame_allocator_free_frames(void) {
  const uint64_t alive = fake_tasks().alive;
  return {OK, 800 - alive + (alive > 0 ? freed_meanwhile : 0)};
}
status_t frame_allocator_usage(uint64_t index, frame_usage_t *usage) {
  if (index > 2) return ERR(END);
  if (index == 0) return ERR(NOT_FOUND);
  *usage = {{2 - static_cast<uint32_t>(index)}, 7};
  return OK;
}
paddr_result_t frame_allocator_allocate(owner_t, uint64_t) {
  host_cycles += 15;
  return {OK, {4096}};
}
status_t frame_allocator_free(owner_t, paddr_t, uint64_t) {
  host_cycles += 5;
  return OK;
}

heap_pool_result_t heap_pool_create(owner_t, uint64_t) {
  pools++;
  return {OK, {1, 1}};
}
status_t heap_pool_destroy(heap_pool_t) {
  pools--;
  return OK;
}
memory_result_t heap_allocate(heap_pool_t, uint64_t bytes) {
  EXPECT_LE(bytes, sizeof(block));
  host_cycles += 30;
  memset(block, 0, sizeof(block));
  return {heap, block};
}
status_t heap_free(heap_pool_t, void *) {
  host_cycles += 10;
  return OK;
}

u64_result_t timer_cycles_to_nanoseconds(uint64_t cycles) { return {OK, cycles / 2}; }

namespace {

class CommandBenchTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    fake_tasks() = {};
    heap = OK;
    freed_meanwhile = 0;
    lines = 0;
  }

  void TearDown() override {
    EXPECT_EQ(fake_core().references_held, 0);
    EXPECT_EQ(pools, 0);
    EXPECT_EQ(fake_tasks().alive, 0u);
    EXPECT_EQ(fake_tasks().events_destroyed, static_cast<int>(fake_core().events));
    for (const FakeTask &task : fake_tasks().tasks) EXPECT_TRUE(task.joined);
  }
};

TEST_F(CommandBenchTest, Bench_All_PrintsEveryBenchmark) {
  fake_core().measurements = {{"gate.call", 9}, {"swap.rendezvous", 300}, {"swap.flush", 200}};
  const CommandAnswer answer = Run(command_bench_step, "bench");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "bench boot.shell 4000000 cycles\n"
            "bench boot.memory 1200128 bytes\n"
            "bench gate.call 9 cycles\n"
            "bench monitor.word 0 cycles\n"
            "bench alloc.frame 20 cycles\n"
            "bench alloc.heap 40 cycles\n"
            "bench swap.small 5000 cycles\n"
            "bench swap.commit 30 cycles\n"
            "bench swap.rendezvous 300 cycles\n"
            "bench swap.rendezvous.p99 300 cycles\n"
            "bench swap.rendezvous.p1 300 cycles\n"
            "bench swap.flush 200 cycles\n"
            "bench swap.flush.p99 200 cycles\n"
            "bench swap.flush.p1 200 cycles\n"
            "bench task.switch 100 cycles\n"
            "bench task.spawn_join 200 cycles\n"
            "bench task.wake 100 cycles\n"
            "bench task.memory " +
                std::to_string(4096 - sizeof(task_progress_t)) +
                " bytes\n"
                "bench resolve.obtain 0 cycles\n"
                "bench console.line 70 cycles\n");
  EXPECT_EQ(lines, 25 + 8) << "the screen is full first";
  for (const FakeRequest &request : fake_core().requests) EXPECT_TRUE(request.closed);
}

TEST_F(CommandBenchTest, Bench_Icount_CountsInstructions) {
  fake_core().options = {"icount"};
  EXPECT_EQ(Run(command_bench_step, "bench boot.shell").output,
            "bench boot.shell 4000000 instructions\n");
}

TEST_F(CommandBenchTest, Bench_Group_PrintsItsBenchmarks) {
  EXPECT_EQ(Run(command_bench_step, "bench alloc boot.memory").output,
            "bench boot.memory 1200128 bytes\n"
            "bench alloc.frame 20 cycles\n"
            "bench alloc.heap 40 cycles\n");
}

TEST_F(CommandBenchTest, Bench_Swap_WaitsForEachRequest) {
  fake_core().polls = 5;
  const CommandAnswer answer = Run(command_bench_step, "bench swap.small");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.waits, 5);
  EXPECT_EQ(fake_core().requests.size(), 8u);
}

TEST_F(CommandBenchTest, Bench_SwapRefused_SaysWhy) {
  fake_core().request_results = {ERR(BAD_OBJECT)};
  fake_core().request_message = "heap.o is damaged";
  const CommandAnswer answer = Run(command_bench_step, "bench swap");
  EXPECT_STATUS(BAD_OBJECT, answer.status);
  EXPECT_EQ(answer.message, "heap.o is damaged");
}

TEST_F(CommandBenchTest, Bench_SwapBusy_IsAnErrorNotALoop) {
  fake_core().open_status = ERR(BUSY);
  const CommandAnswer answer = Run(command_bench_step, "bench swap.small");
  EXPECT_STATUS(BUSY, answer.status);
  EXPECT_EQ(answer.message, "the benchmark swap.small failed");
}

TEST_F(CommandBenchTest, Bench_CellGone_NamesTheBenchmark) {
  heap = ERR(UNAVAILABLE);
  const CommandAnswer answer = Run(command_bench_step, "bench alloc.heap");
  heap = OK;
  EXPECT_STATUS(UNAVAILABLE, answer.status);
  EXPECT_EQ(answer.message, "the benchmark alloc.heap failed");
}

TEST_F(CommandBenchTest, Bench_Rendezvous_IsTheMedianOfSamples) {
  fake_core().measurements = {{"swap.rendezvous", 10}};
  Begin("bench swap.rendezvous.p99");
  for (int i = 0; i < 30; i++) EXPECT_STATUS(OK, command_bench_step(&command_));
  fake_core().measurements = {{"swap.rendezvous", 50}};
  for (int i = 0; i < 33; i++) EXPECT_STATUS(OK, command_bench_step(&command_));
  fake_core().measurements = {{"swap.rendezvous", 900}};
  EXPECT_EQ(Finish(command_bench_step).output,
            "bench swap.rendezvous 50 cycles\n"
            "bench swap.rendezvous.p99 900 cycles\n"
            "bench swap.rendezvous.p1 50 cycles\n");
}

TEST_F(CommandBenchTest, Bench_Samples_AreRowsOfTheirOwn) {
  fake_core().measurements = {{"swap.rendezvous", 300}};
  const CommandAnswer answer = Run(command_bench_step, "bench swap.rendezvous.sample");
  EXPECT_STATUS(OK, answer.status);
  const std::string row = "bench swap.rendezvous.sample 150 ns\n";
  std::string rows;
  for (int i = 0; i < kBenchRows; i++) rows += row;
  EXPECT_EQ(answer.output, rows);
}

TEST_F(CommandBenchTest, Bench_NoSample_LeavesNothing) {
  const CommandAnswer answer = Run(command_bench_step, "bench swap.flush");
  EXPECT_STATUS(NOT_FOUND, answer.status);
  EXPECT_EQ(answer.message, "the benchmark swap.flush failed");
}

TEST_F(CommandBenchTest, Bench_Switch_IsPerSwitch) {
  fake_tasks().cycles_between = 321;
  EXPECT_EQ(Run(command_bench_step, "bench task.switch").output, "bench task.switch 321 cycles\n");
  EXPECT_EQ(fake_tasks().tasks.size(), 2u) << "one more than there are processors";
  EXPECT_GE(fake_tasks().tasks[0].steps, kBenchSwitches / 2u);
}

TEST_F(CommandBenchTest, Bench_NoRoomForTasks_EndsThoseThatAreThere) {
  for (size_t room : {0, 1, 100}) {
    fake_tasks().room = room;
    const CommandAnswer answer = Run(command_bench_step, "bench task.memory");
    EXPECT_STATUS(NO_MEMORY, answer.status);
    EXPECT_EQ(answer.message, "the benchmark task.memory failed");
    EXPECT_EQ(fake_tasks().alive, 0u);
  }
  fake_tasks().room = 1;
  EXPECT_STATUS(NO_MEMORY, Run(command_bench_step, "bench task.switch").status);
  EXPECT_STATUS(NO_MEMORY, Run(command_bench_step, "bench task.wake").status);
  EXPECT_STATUS(NO_MEMORY, Run(command_bench_step, "bench task.spawn_join").status);
}

TEST_F(CommandBenchTest, Bench_MemoryCameBack_IsNoFigure) {
  freed_meanwhile = 50;
  EXPECT_STATUS(BUSY, Run(command_bench_step, "bench task.memory").status);
}

TEST_F(CommandBenchTest, Bench_Unknown_ListsTheGroups) {
  for (const char *name : {"speed", "boot.", "boot.sh", "alloc.frame.x", "swap.commit.p99",
                           "swap.rendezvous.sample.x"}) {
    const CommandAnswer answer = Run(command_bench_step, std::string("bench gate ") + name);
    EXPECT_STATUS(NOT_FOUND, answer.status);
    EXPECT_NE(answer.message.find(
                  "groups are boot, gate, monitor, alloc, swap, task, resolve and console"),
              std::string::npos);
    EXPECT_EQ(answer.output, "");
  }
}

}  // namespace
