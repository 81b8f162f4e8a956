// SPDX-License-Identifier: MIT
/// @file
/// The benchmarks of the group `swap`: a whole swap and its commit, and what the processors do for
/// one, for nothing.
/// @spill none
#pragma once
#include "cells/command_bench/bench.h"
#include "nano_core/api/machine.h"

// Swaps a cell of 5 to 10 KB for itself, round after round.
static inline u64_result_t measure_swap(command_t *command, bool commit_only) {
  bench_progress_t progress;
  COMMAND_OPEN(command, &progress);
  if (command->stage != kStageSwapping) {
    const request_result_t request = command_request_one(kRequestSwap, TEXT("pci"), TEXT(""));
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

static inline void sort_samples(bench_board_t *board) {
  for (size_t i = 1; i < kBenchSamples; i++) {
    const uint64_t sample = board->samples[i];
    size_t place = i;
    for (; place > 0 && board->samples[place - 1] > sample; place--) {
      board->samples[place] = board->samples[place - 1];
    }
    board->samples[place] = sample;
  }
}

// The median is the value; the 99th percentile stays in the progress, for its own row.
static inline u64_result_t end_samples(command_t *command, bench_progress_t *progress) {
  enum { kPercent = 99, kRank = (kBenchSamples * kPercent + 99) / 100 };
  bench_board_t *board = progress->board;
  sort_samples(board);
  const uint64_t middle = board->samples[kBenchSamples / 2 - 1] + board->samples[kBenchSamples / 2];
  const uint64_t p99 = board->samples[kRank - 1];
  board_close(progress);
  progress->p99 = p99;
  command->stage = kStageMeasure;
  return (u64_result_t){.value = middle / 2};
}

static inline u64_result_t fail_samples(command_t *command, bench_progress_t *progress,
                                        status_t status) {
  board_close(progress);
  command->stage = kStageMeasure;
  return (u64_result_t){.status = status};
}

static inline u64_result_t take_sample(command_t *command, bench_progress_t *progress,
                                       text_t name) {
  if (command->stage != kStageSampling) {
    const status_t opened = board_open(progress);
    if (!status_is_ok(opened)) return fail_samples(command, progress, opened);
    command->stage = kStageSampling;
  }
  const u64_result_t sample = machine_measure(name);
  if (!status_is_ok(sample.status)) return fail_samples(command, progress, sample.status);
  progress->board->samples[progress->rounds++] = sample.value;
  if (progress->rounds == kBenchSamples) return end_samples(command, progress);
  return (u64_result_t){.status = ERR(END)};
}

// One sample a step, so that no step is long, and all of the machine runs in between.
static inline u64_result_t measure_samples(command_t *command, text_t name) {
  bench_progress_t progress;
  COMMAND_OPEN(command, &progress);
  const u64_result_t result = take_sample(command, &progress, name);
  COMMAND_COMMIT(command, &progress);
  return result;
}
