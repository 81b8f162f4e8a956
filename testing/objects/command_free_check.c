// SPDX-License-Identifier: MIT
// A command for tests: `free_check keep` remembers how many frames are free, `free_check same`
// fails unless there are as many now.
#include "nano_core/api/cell.h"
#include "patterns/command.h"
#include "testing/objects/free_frames.h"

CELL_EXPORT status_t command_free_check_step(LENT command_t *command);

typedef struct kept_frames {
  monitor_t monitor;
  uint64_t frames;
} kept_frames_t;

STATE(kept_frames_t, free_check_frames);

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
  const u64_result_t frames = free_frames_count();
  TRY(frames.status);
  if (text_equal(command_word(command, 1), TEXT("same"))) return compare(command, frames.value);
  keep(frames.value);
  return ERR(END);
}
