// SPDX-License-Identifier: MIT
#include "testing/specimens/repeater/repeater.h"

#include "cells/log/log.h"
#include "cells/timer/timer.h"
#include "testing/specimens/repeater/blocks.h"
#include "testing/specimens/repeater/frames.h"
#include "testing/specimens/repeater/tried.h"

static const task_progress_t kFresh = {};

static const uint64_t kLong = 50000000;  // nanoseconds
static const uint64_t kNap = 2000000;

static void write_line(void) {
  begin_call();
  const status_t status = log_write(TEXT("repeater"), TEXT("again"));
  end_call(status, STATUS_OK);
}

static status_t wait(uint64_t nanoseconds) {
  const nanoseconds_result_t now = timer_now();
  expect_ok(now.status);
  begin_call();
  const status_t status = timer_wait_until((nanoseconds_t){now.value.count + nanoseconds});
  end_call(status, STATUS_WOULD_BLOCK);
  return status;
}

status_t repeater_step(task_progress_t *progress) {
  (void)progress;
  monitor_enter(&state_repeater_counts->monitor);
  const uint64_t call = state_repeater_counts->call;
  monitor_exit(&state_repeater_counts->monitor);
  if (call >= kRepeaterFrame && call <= kRepeaterFramesBack) call_frames(call);
  if (call >= kRepeaterBlock && call <= kRepeaterBlockReturned) call_blocks(call);
  if (call == kRepeaterLine) write_line();
  if (call == kRepeaterWait) status_ignore(wait(kLong), "the step is made again at once");
  const bool sleeps = call == kRepeaterSleep && status_is(wait(kNap), STATUS_WOULD_BLOCK);
  return sleeps ? ERR(WOULD_BLOCK) : OK;
}

// Whether the task has still to be made.
static bool choose(uint64_t call) {
  const repeater_counts_t *counts = state_repeater_counts;
  monitor_enter(&state_repeater_counts->monitor);
  const bool first = counts->running == 0;
  state_set(&counts->call, call);
  state_set(&counts->running, UINT64_C(1));
  monitor_exit(&state_repeater_counts->monitor);
  return first;
}

status_t repeater_start(uint64_t call) {
  if (call >= kRepeaterCalls) return ERR(OUT_OF_RANGE);
  if (!choose(call)) return OK;
  // Kept for good: with frames that nobody knows of any more, or without, calls go the same way.
  TRY(frame_allocator_allocate(self(), kRunFrames).status);
  const reference_result_t step = reference_obtain(TEXT("repeater_step"));
  TRY(step.status);
  const task_result_t task = task_spawn(TEXT("repeater"), step.value, &kFresh);
  if (!status_is_ok(task.status)) {
    status_ignore(reference_release(step.value), "the first error counts");
  }
  return task.status;
}
