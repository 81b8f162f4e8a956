// SPDX-License-Identifier: MIT
/// @file
/// What every source of ticks offers, so that the timer can choose among them. A cell NAME that is
/// one publishes
///   status_t NAME_start(OUT tick_source_t *source)   periodic ticks, kTicksPerSecond of them
///   u64_result_t NAME_counter(void)                  a counter that runs beside them
/// Starting a source that runs answers the same again and touches nothing.
/// @spill none: declarations only.
#pragma once
#include "nano_core/api/types.h"

enum { kTicksPerSecond = 1000 };

typedef struct tick_source {
  uint64_t line;             // of interrupt_dispatch, on which the ticks come
  uint64_t hertz;            // of the counter; not 0
  uint64_t mask;             // the counter counts up and wraps to 0 after this number
  uint64_t counts_per_tick;  // what a tick lasts
} tick_source_t;
