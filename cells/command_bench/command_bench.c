// SPDX-License-Identifier: MIT
#include "cells/command_bench/command_bench.h"

#include "cells/console/console.h"
#include "cells/frame_allocator/frame_allocator.h"
#include "cells/heap/heap.h"
#include "cells/shell/shell.h"
#include "nano_core/api/cycle_counter.h"
#include "nano_core/api/machine.h"
#include "nano_core/api/memory.h"
#include "patterns/command_request.h"

enum benchmark {
  kBootShell,
  kBootMemory,
  kGateCall,
  kAllocFrame,
  kAllocHeap,
  kSwapSmall,
  kSwapCommit,
  kResolveObtain,
  kConsoleLine,
  kBenchmarks,
};

// Of several rounds the fastest counts: the others were interrupted.
enum { kRounds = 8, kPairs = 16, kBlockBytes = 64, kPoolFrames = 4, kLineCharacters = 64 };

// What is remembered while cells are swapped; command->cursor is the benchmark.
typedef struct bench_progress {
  request_t request;
  uint64_t rounds;
  uint64_t best;
} bench_progress_t;

enum { kStageCheck, kStageMeasure, kStageSwapping };

static text_t name_of(uint64_t benchmark) {
  switch (benchmark) {
    case kBootShell:
      return TEXT("boot.shell");
    case kBootMemory:
      return TEXT("boot.memory");
    case kGateCall:
      return TEXT("gate.call");
    case kAllocFrame:
      return TEXT("alloc.frame");
    case kAllocHeap:
      return TEXT("alloc.heap");
    case kSwapSmall:
      return TEXT("swap.small");
    case kSwapCommit:
      return TEXT("swap.commit");
    case kResolveObtain:
      return TEXT("resolve.obtain");
    default:
      return TEXT("console.line");
  }
}

// Whether `wanted` is the benchmark's name or its group.
static bool matches(text_t wanted, uint64_t benchmark) {
  const text_t name = name_of(benchmark);
  if (!text_starts_with(name, wanted)) return false;
  return name.length == wanted.length || *text_at(name, wanted.length) == '.';
}

static bool is_wanted(const command_t *command, uint64_t benchmark) {
  if (command_words(command) == 1) return true;
  for (size_t i = 1; command_word(command, i).length != 0; i++) {
    if (matches(command_word(command, i), benchmark)) return true;
  }
  return false;
}

static status_t check_names(command_t *command) {
  for (size_t i = 1; command_word(command, i).length != 0; i++) {
    bool known = false;
    for (uint64_t b = 0; b < kBenchmarks; b++) known |= matches(command_word(command, i), b);
    if (known) continue;
    return command_refuse(command, ERR(NOT_FOUND), TEXT("no benchmark "), command_word(command, i),
                          TEXT("; groups are boot, gate, alloc, swap, resolve and console"));
  }
  return OK;
}

// What nobody could get any more: everything less free frames and nano_core's reserve.
static u64_result_t memory_in_use(void) {
  const u64_result_t total = frame_allocator_total_frames();
  if (!status_is_ok(total.status)) return total;
  const u64_result_t unused = frame_allocator_free_frames();
  if (!status_is_ok(unused.status)) return unused;
  u64_result_t core = memory_core_frames();
  core.value = (core.value + total.value - unused.value) * kFrameBytes;
  return core;
}

static uint64_t smaller(uint64_t a, uint64_t b) { return a < b ? a : b; }

static status_t frame_pairs(owner_t owner) {
  for (size_t i = 0; i < kPairs; i++) {
    const paddr_result_t frame = frame_allocator_allocate(owner, 1);
    TRY(frame.status);
    TRY(frame_allocator_free(owner, frame.value, 1));
  }
  return OK;
}

static u64_result_t measure_frames(void) {
  const owner_result_t owner = owner_self();
  TRY_RESULT(u64_result_t, owner.status);
  uint64_t best = UINT64_MAX;
  for (size_t i = 0; i < kRounds; i++) {
    const uint64_t start = cycle_counter();
    TRY_RESULT(u64_result_t, frame_pairs(owner.value));
    best = smaller(best, cycle_counter() - start);
  }
  return (u64_result_t){.value = best / kPairs};
}

static status_t block_pairs(heap_pool_t pool) {
  for (size_t i = 0; i < kPairs; i++) {
    const memory_result_t block = heap_allocate(pool, kBlockBytes);
    TRY(block.status);
    TRY(heap_free(pool, block.value));
  }
  return OK;
}

static u64_result_t measure_pool(heap_pool_t pool) {
  // One block is kept, so that no pair maps or unmaps memory.
  TRY_RESULT(u64_result_t, heap_allocate(pool, kBlockBytes).status);
  uint64_t best = UINT64_MAX;
  for (size_t i = 0; i < kRounds; i++) {
    const uint64_t start = cycle_counter();
    TRY_RESULT(u64_result_t, block_pairs(pool));
    best = smaller(best, cycle_counter() - start);
  }
  return (u64_result_t){.value = best / kPairs};
}

static u64_result_t measure_blocks(void) {
  const owner_result_t owner = owner_self();
  TRY_RESULT(u64_result_t, owner.status);
  const heap_pool_result_t pool = heap_pool_create(owner.value, kPoolFrames);
  TRY_RESULT(u64_result_t, pool.status);
  const u64_result_t result = measure_pool(pool.value);
  TRY_RESULT(u64_result_t, heap_pool_destroy(pool.value));
  return result;
}

static u64_result_t measure_obtain(void) {
  uint64_t best = UINT64_MAX;
  for (size_t i = 0; i < kRounds; i++) {
    const uint64_t start = cycle_counter();
    const reference_result_t reference = reference_obtain(TEXT("frame_allocator_allocate"));
    const uint64_t cycles = cycle_counter() - start;
    TRY_RESULT(u64_result_t, reference.status);
    TRY_RESULT(u64_result_t, reference_release(reference.value));
    best = smaller(best, cycles);
  }
  return (u64_result_t){.value = best};
}

// A line of words, in which no letter stands below itself on the next one.
static status_t write_line(uint64_t number) {
  char line[kLineCharacters + 1];
  for (size_t i = 0; i < kLineCharacters; i++) {
    line[i] = (char)(i % 6 == 5 ? ' ' : 'a' + (i * 5 + number) % 26);
  }
  line[kLineCharacters] = '\n';
  return console_write(SPAN_OF(text, line));
}

// On the screen only; it is full, and scrolls with each line.
static u64_result_t measure_line(void) {
  console_size_t size;
  TRY_RESULT(u64_result_t, console_size(&size));
  for (uint64_t i = 0; i < size.rows; i++) TRY_RESULT(u64_result_t, write_line(i));
  uint64_t best = UINT64_MAX;
  for (uint64_t i = 0; i < kRounds; i++) {
    const uint64_t start = cycle_counter();
    TRY_RESULT(u64_result_t, write_line(size.rows + i));
    best = smaller(best, cycle_counter() - start);
  }
  return (u64_result_t){.value = best};
}

// Swaps a cell of 5 to 10 KB for itself, round after round; answers as measure() does.
static u64_result_t measure_swap(command_t *command, bool commit_only) {
  bench_progress_t progress;
  COMMAND_OPEN(command, &progress);
  if (command->stage != kStageSwapping) {
    const request_result_t request = command_request_one(kRequestSwap, TEXT("heap"), TEXT(""));
    TRY_RESULT(u64_result_t, request.status);
    progress.request = request.value;
    command->stage = kStageSwapping;
    COMMAND_COMMIT(command, &progress);
  }
  TRY_RESULT(u64_result_t, command_request_poll(command, progress.request));
  command->stage = kStageMeasure;
  request_outcome_t outcome;
  TRY_RESULT(u64_result_t, request_outcome(progress.request, 0, &outcome));
  TRY_RESULT(u64_result_t, request_close(progress.request));
  const uint64_t cycles = commit_only ? outcome.pause_cycles : outcome.total_cycles;
  progress.best = progress.rounds == 0 ? cycles : smaller(progress.best, cycles);
  progress.rounds++;
  const bool done = progress.rounds == kRounds;
  const u64_result_t result = {.status = done ? OK : ERR(END), .value = progress.best};
  if (done) progress = (bench_progress_t){};
  COMMAND_COMMIT(command, &progress);
  return result;
}

// WOULD_BLOCK: it waits. END: another round is to be made.
static u64_result_t measure(command_t *command, uint64_t benchmark) {
  switch (benchmark) {
    case kBootShell:
      return shell_ready_cycles();
    case kBootMemory:
      return memory_in_use();
    case kGateCall:
      return machine_measure(TEXT("gate.call"));
    case kAllocFrame:
      return measure_frames();
    case kAllocHeap:
      return measure_blocks();
    case kSwapSmall:
      return measure_swap(command, false);
    case kSwapCommit:
      return measure_swap(command, true);
    case kResolveObtain:
      return measure_obtain();
    default:
      return measure_line();
  }
}

static text_t unit_of(uint64_t benchmark) {
  if (benchmark == kBootMemory) return TEXT("bytes");
  const bool_result_t icount = machine_option(TEXT("icount"));
  return status_is_ok(icount.status) && icount.value ? TEXT("instructions") : TEXT("cycles");
}

static void put_row(command_t *command, uint64_t benchmark, uint64_t value) {
  command_put(command, TEXT("bench "));
  command_put(command, name_of(benchmark));
  command_put(command, TEXT(" "));
  command_put_decimal(command, value);
  command_put(command, TEXT(" "));
  command_put(command, unit_of(benchmark));
  command_put(command, TEXT("\n"));
}

status_t command_bench_step(command_t *command) {
  if (command->stage == kStageCheck) TRY(check_names(command));
  if (command->stage == kStageCheck) command->stage = kStageMeasure;
  while (command->cursor < kBenchmarks && !is_wanted(command, command->cursor)) command->cursor++;
  if (command->cursor == kBenchmarks) return ERR(END);
  const u64_result_t result = measure(command, command->cursor);
  if (status_is(result.status, STATUS_END)) return OK;
  if (!status_is_ok(result.status) && !status_is(result.status, STATUS_WOULD_BLOCK)) {
    if (command->message[0] != 0) return result.status;
    return command_refuse(command, result.status, TEXT("the benchmark "), name_of(command->cursor),
                          TEXT(" failed"));
  }
  TRY(result.status);
  put_row(command, command->cursor, result.value);
  command->cursor++;
  return OK;
}
