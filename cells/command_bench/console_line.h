// SPDX-License-Identifier: MIT
/// @file
/// The benchmark `console.line`.
/// @spill none
#pragma once
#include "cells/command_bench/bench.h"
#include "cells/console/console.h"
#include "nano_core/api/cycle_counter.h"

// A line of words, in which no letter stands below itself on the next one.
static inline status_t write_line(uint64_t number) {
  char line[kLineCharacters + 1];
  for (size_t i = 0; i < kLineCharacters; i++) {
    line[i] = (char)(i % 6 == 5 ? ' ' : 'a' + (i * 5 + number) % 26);
  }
  line[kLineCharacters] = '\n';
  return console_write(SPAN_OF(text, line));
}

// On the screen only; it is full, and scrolls with each line.
static inline u64_result_t measure_line(void) {
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
