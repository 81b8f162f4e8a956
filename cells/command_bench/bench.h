// SPDX-License-Identifier: MIT
/// @file
/// What the parts of `bench` share. Each group's header has a function that makes one measurement;
/// it answers a value, WOULD_BLOCK (wait, then call again), END (call again), or why it failed.
/// @spill none: what is remembered stands in the command_t.
#pragma once
#include "cells/command_bench/board.h"
#include "cells/heap/heap.h"
#include "patterns/command_request.h"

enum benchmark {
  kBootShell,
  kBootMemory,
  kGateCall,
  kMonitorWord,
  kAllocFrame,
  kAllocHeap,
  kSwapSmall,
  kSwapCommit,
  kSwapRendezvous,
  kSwapFlush,
  kSwapSample,
  kTaskSwitch,
  kTaskSpawnJoin,
  kTaskWake,
  kTaskMemory,
  kResolveObtain,
  kConsoleLine,
  kBenchmarks,
};

// Of several rounds the fastest counts: the others were interrupted.
enum { kRounds = 8, kPairs = 16, kBlockBytes = 64, kPoolFrames = 4, kLineCharacters = 64 };

enum bench_stage {
  kStageCheck,
  kStageMeasure,
  kStageSwapping,
  kStageSampling,
  kStageArriving,
  kStageJoining,
};

// What is remembered while cells are swapped; command->cursor is the benchmark.
typedef struct bench_progress {
  request_t request;
  uint64_t rounds;
  uint64_t best;
  uint64_t p99;
  heap_pool_t pool;
  bench_board_t *board;
  reference_t step;  // of the tasks
  uint64_t members;  // tasks that were made
  uint64_t joined;   // of them
  uint64_t before;   // bytes in use
  uint64_t after;
  status_t failure;
} bench_progress_t;

static inline uint64_t smaller(uint64_t a, uint64_t b) { return a < b ? a : b; }

/// Makes the board.
/// @errors   those of the heap; what was made is in `progress`, for board_close
static inline status_t board_open(bench_progress_t *progress) {
  const owner_result_t owner = owner_self();
  TRY(owner.status);
  const heap_pool_result_t pool = heap_pool_create(owner.value, kPoolFrames);
  TRY(pool.status);
  progress->pool = pool.value;
  const memory_result_t memory = heap_allocate(pool.value, sizeof(bench_board_t));
  TRY(memory.status);
  progress->board = memory.value;
  return OK;
}

/// Frees the board; nobody uses it any more.
static inline void board_close(bench_progress_t *progress) {
  if (progress->pool.generation != 0) {
    status_ignore(heap_pool_destroy(progress->pool), "it is the command's own");
  }
  *progress = (bench_progress_t){};
}
