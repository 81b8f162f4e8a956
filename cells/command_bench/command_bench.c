// SPDX-License-Identifier: MIT
#include "cells/command_bench/command_bench.h"

#include "cells/command_bench/console_line.h"
#include "cells/command_bench/memory.h"
#include "cells/command_bench/swap.h"
#include "cells/command_bench/tasks.h"
#include "cells/shell/shell.h"
#include "cells/timer/timer.h"

static text_t name_of(uint64_t benchmark) {
  switch (benchmark) {
    case kBootShell:
      return TEXT("boot.shell");
    case kBootMemory:
      return TEXT("boot.memory");
    case kGateCall:
      return TEXT("gate.call");
    case kMonitorWord:
      return TEXT("monitor.word");
    case kAllocFrame:
      return TEXT("alloc.frame");
    case kAllocHeap:
      return TEXT("alloc.heap");
    case kSwapSmall:
      return TEXT("swap.small");
    case kSwapCommit:
      return TEXT("swap.commit");
    case kSwapRendezvous:
      return TEXT("swap.rendezvous");
    case kSwapFlush:
      return TEXT("swap.flush");
    case kSwapSample:
      return TEXT("swap.rendezvous.sample");
    case kTaskSwitch:
      return TEXT("task.switch");
    case kTaskSpawnJoin:
      return TEXT("task.spawn_join");
    case kTaskWake:
      return TEXT("task.wake");
    case kTaskMemory:
      return TEXT("task.memory");
    case kResolveObtain:
      return TEXT("resolve.obtain");
    default:
      return TEXT("console.line");
  }
}

static bool has_cases(uint64_t benchmark) {
  return benchmark == kSwapRendezvous || benchmark == kSwapFlush;
}

// Whether `longer` is `name`, or goes on with `next` behind it.
static bool goes_on(text_t longer, text_t name, text_t next) {
  if (!text_starts_with(longer, name)) return false;
  if (longer.length == name.length) return true;
  return text_starts_with(text_slice(longer, name.length, longer.length - name.length), next);
}

// Whether `wanted` is the benchmark's name, its group, or a case of it.
static bool matches(text_t wanted, uint64_t benchmark) {
  const text_t name = name_of(benchmark);
  // Its many rows are only for who asks for them.
  if (benchmark == kSwapSample) return text_equal(wanted, name);
  if (goes_on(name, wanted, TEXT("."))) return true;
  return has_cases(benchmark) && goes_on(wanted, name, TEXT(".p"));
}

static bool is_wanted(const command_t *command, uint64_t benchmark) {
  if (command_words(command) == 1) return benchmark != kSwapSample;
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
    return command_refuse(
        command, ERR(NOT_FOUND), TEXT("no benchmark "), command_word(command, i),
        TEXT("; groups are boot, gate, monitor, alloc, swap, task, resolve and console"));
  }
  return OK;
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

static bool counts_instructions(void) {
  const bool_result_t icount = machine_option(TEXT("icount"));
  return status_is_ok(icount.status) && icount.value;
}

static text_t unit_of(uint64_t benchmark) {
  if (benchmark == kBootMemory || benchmark == kTaskMemory) return TEXT("bytes");
  if (counts_instructions()) return TEXT("instructions");
  return benchmark == kSwapSample ? TEXT("ns") : TEXT("cycles");
}

// `kind` follows the benchmark's name.
static void begin_row(command_t *command, uint64_t benchmark, text_t kind) {
  command_put(command, TEXT("bench "));
  command_put(command, name_of(benchmark));
  command_put(command, kind);
}

static void end_row(command_t *command, uint64_t benchmark, uint64_t value) {
  command_put(command, TEXT(" "));
  command_put_decimal(command, value);
  command_put(command, TEXT(" "));
  command_put(command, unit_of(benchmark));
  command_put(command, TEXT("\n"));
}

// One sample and its row, in time, to be held against the pause of a swap. END: there are more.
static u64_result_t measure_one_sample(command_t *command) {
  bench_progress_t progress;
  COMMAND_OPEN(command, &progress);
  u64_result_t sample = machine_measure(TEXT("swap.rendezvous"));
  if (status_is_ok(sample.status) && !counts_instructions()) {
    sample = timer_cycles_to_nanoseconds(sample.value);
  }
  TRY_RESULT(u64_result_t, sample.status);
  if (++progress.rounds == kBenchRows) {
    progress = (bench_progress_t){};
  } else {
    begin_row(command, kSwapSample, TEXT(""));
    end_row(command, kSwapSample, sample.value);
    sample.status = ERR(END);
  }
  COMMAND_COMMIT(command, &progress);
  return sample;
}

// WOULD_BLOCK: it waits. END: another round is to be made.
static u64_result_t measure(command_t *command, uint64_t benchmark) {
  switch (benchmark) {
    case kBootShell:
      return shell_ready_cycles();
    case kBootMemory:
      return memory_in_use();
    case kGateCall:
      return machine_measure(name_of(benchmark));
    case kMonitorWord:
      return measure_word();
    case kAllocFrame:
      return measure_frames();
    case kAllocHeap:
      return measure_blocks();
    case kSwapSmall:
    case kSwapCommit:
      return measure_swap(command, benchmark == kSwapCommit);
    case kSwapRendezvous:
    case kSwapFlush:
      return measure_samples(command, name_of(benchmark));
    case kSwapSample:
      return measure_one_sample(command);
    case kResolveObtain:
      return measure_obtain();
    case kConsoleLine:
      return measure_line();
    default:
      return measure_tasks(command);
  }
}

// The 99th percentile; and the median once more, under the number of processors.
static status_t put_cases(command_t *command, uint64_t benchmark, uint64_t median) {
  bench_progress_t progress;
  COMMAND_OPEN(command, &progress);
  begin_row(command, benchmark, TEXT(".p99"));
  end_row(command, benchmark, progress.p99);
  const u32_result_t processors = processor_count();
  TRY(processors.status);
  begin_row(command, benchmark, TEXT(".p"));
  command_put_decimal(command, processors.value);
  end_row(command, benchmark, median);
  progress = (bench_progress_t){};
  COMMAND_COMMIT(command, &progress);
  return OK;
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
  begin_row(command, command->cursor, TEXT(""));
  end_row(command, command->cursor, result.value);
  if (has_cases(command->cursor)) TRY(put_cases(command, command->cursor, result.value));
  command->cursor++;
  return OK;
}
