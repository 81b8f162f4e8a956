// SPDX-License-Identifier: MIT
#include "cells/command_bench/command_bench.h"

#include "cells/console/console.h"
#include "cells/frame_allocator/frame_allocator.h"
#include "cells/heap/heap.h"
#include "cells/shell/shell.h"
#include "testing/host/command_test.h"

#include "testing/host/ports.h"

namespace {

int pools = 0;
status_t heap = OK;
uint64_t block[8];
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
u64_result_t frame_allocator_free_frames(void) { return {OK, 800}; }
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
memory_result_t heap_allocate(heap_pool_t, uint64_t) {
  host_cycles += 30;
  return {heap, block};
}
status_t heap_free(heap_pool_t, void *) {
  host_cycles += 10;
  return OK;
}

namespace {

using CommandBenchTest = CommandTest;

TEST_F(CommandBenchTest, Bench_All_PrintsEveryBenchmark) {
  fake_core().measurements["gate.call"] = 9;
  const CommandAnswer answer = Run(command_bench_step, "bench");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "bench boot.shell 4000000 cycles\n"
            "bench boot.memory 1228800 bytes\n"
            "bench gate.call 9 cycles\n"
            "bench alloc.frame 20 cycles\n"
            "bench alloc.heap 40 cycles\n"
            "bench swap.small 5000 cycles\n"
            "bench swap.commit 30 cycles\n"
            "bench resolve.obtain 0 cycles\n"
            "bench console.line 70 cycles\n");
  EXPECT_EQ(lines, 25 + 8) << "the screen is full first";
  EXPECT_EQ(fake_core().references_held, 0);
  EXPECT_EQ(pools, 0);
  for (const FakeRequest &request : fake_core().requests) EXPECT_TRUE(request.closed);
}

TEST_F(CommandBenchTest, Bench_Icount_CountsInstructions) {
  fake_core().options = {"icount"};
  EXPECT_EQ(Run(command_bench_step, "bench boot.shell").output,
            "bench boot.shell 4000000 instructions\n");
}

TEST_F(CommandBenchTest, Bench_Group_PrintsItsBenchmarks) {
  EXPECT_EQ(Run(command_bench_step, "bench alloc boot.memory").output,
            "bench boot.memory 1228800 bytes\n"
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

TEST_F(CommandBenchTest, Bench_Unknown_ListsTheGroups) {
  for (const char *name : {"speed", "boot.", "boot.sh", "alloc.frame.x"}) {
    const CommandAnswer answer = Run(command_bench_step, std::string("bench gate ") + name);
    EXPECT_STATUS(NOT_FOUND, answer.status);
    EXPECT_NE(answer.message.find("groups are boot, gate, alloc, swap, resolve and console"),
              std::string::npos);
    EXPECT_EQ(answer.output, "");
  }
}

}  // namespace
