// SPDX-License-Identifier: MIT
// A command for tests: `free_check keep` remembers how many frames are free, `free_check same`
// fails unless there are as many now.
#include "nano_core/api/cell.h"
#include "nano_core/api/instances.h"
#include "nano_core/api/memory.h"
#include "patterns/command.h"

CELL_EXPORT status_t command_free_check_step(LENT command_t *command);

typedef struct kept_frames {
  monitor_t monitor;
  uint64_t frames;
} kept_frames_t;

STATE(kept_frames_t, free_check_frames);

static u64_result_t count_free(void) {
  const call_arguments_t none = {};
  call_outcome_t free_frames;
  TRY_RESULT(u64_result_t, instance_call(TEXT("frame_allocator"),
                                         TEXT("frame_allocator_free_frames"), &none, &free_frames));
  TRY_RESULT(u64_result_t, free_frames.status);
  u64_result_t frames = memory_reserve_frames();
  frames.value += free_frames.value;
  return frames;
}

static void keep(uint64_t frames) {
  monitor_enter(&state_free_check_frames->monitor);
  state_set(&state_free_check_frames->frames, frames);
  monitor_exit(&state_free_check_frames->monitor);
}

static status_t compare(command_t *command, uint64_t frames) {
  monitor_enter(&state_free_check_frames->monitor);
  const uint64_t kept = state_free_check_frames->frames;
  monitor_exit(&state_free_check_frames->monitor);
  command_put_decimal(command, kept);
  command_put(command, TEXT(" frames were free, now "));
  command_put_decimal(command, frames);
  command_put(command, TEXT("\n"));
  if (kept == frames) return ERR(END);
  return command_refuse(command, ERR(INTERNAL), TEXT("the free memory is not as before"), TEXT(""),
                        TEXT(""));
}

status_t command_free_check_step(command_t *command) {
  const u64_result_t frames = count_free();
  TRY(frames.status);
  if (text_equal(command_word(command, 1), TEXT("same"))) return compare(command, frames.value);
  keep(frames.value);
  return ERR(END);
}
