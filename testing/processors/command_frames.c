// SPDX-License-Identifier: MIT
// A command that tells whether memory has come back: `frames load` loads every cell of the archive
// that nobody serves, so that none is loaded later; `frames keep` remembers how many frames are
// free; `frames compare [SLACK]` fails if more than SLACK fewer are free now.
#include "nano_core/api/cell.h"
#include "nano_core/api/instances.h"
#include "nano_core/api/memory.h"
#include "patterns/command_request.h"

CELL_EXPORT status_t command_frames_step(LENT command_t *command);

typedef struct frames_kept {
  monitor_t monitor;
  uint64_t frames;
} frames_kept_t;

STATE(frames_kept_t, frames_kept);

enum { kStageNext, kStageWait };

// As `mem` counts: what the allocator has, and nano_core's reserve.
static u64_result_t free_frames(void) {
  call_outcome_t outcome = {};
  const call_arguments_t none = {};
  TRY_RESULT(u64_result_t, instance_call(TEXT("frame_allocator"),
                                         TEXT("frame_allocator_free_frames"), &none, &outcome));
  TRY_RESULT(u64_result_t, outcome.status);
  const u64_result_t reserve = memory_reserve_frames();
  TRY_RESULT(u64_result_t, reserve.status);
  return (u64_result_t){.value = outcome.value + reserve.value};
}

static void put_line(command_t *command, text_t what, uint64_t frames) {
  command_put(command, what);
  command_put_decimal(command, frames);
  command_put(command, TEXT("\n"));
}

static status_t keep(command_t *command) {
  const u64_result_t frames = free_frames();
  TRY(frames.status);
  monitor_enter(&state_frames_kept->monitor);
  state_set(&state_frames_kept->frames, frames.value);
  monitor_exit(&state_frames_kept->monitor);
  put_line(command, TEXT("free "), frames.value);
  return ERR(END);
}

static status_t compare(command_t *command) {
  u64_result_t slack = {};
  if (command_words(command) > 2) slack = command_number(command, 2);
  TRY(slack.status);
  const u64_result_t frames = free_frames();
  TRY(frames.status);
  monitor_enter(&state_frames_kept->monitor);
  const uint64_t kept = state_frames_kept->frames;
  monitor_exit(&state_frames_kept->monitor);
  put_line(command, TEXT("free before "), kept);
  put_line(command, TEXT("free now    "), frames.value);
  if (frames.value + slack.value >= kept) return ERR(END);
  return command_refuse(command, ERR(INTERNAL), TEXT("frames have not come back"), TEXT(""),
                        TEXT(""));
}

static bool is_served(text_t name) {
  for (uint64_t i = 0;; i++) {
    instance_info_t info;
    if (!status_is_ok(instance_describe(i, &info))) return false;
    if (text_equal(COMMAND_FIELD(info.name.characters), name)) return true;
  }
}

static status_t load_next(command_t *command, request_t *request) {
  for (;;) {
    object_info_t info;
    const status_t status = object_describe(command->cursor++, &info);
    if (status_is(status, STATUS_END)) return status;
    if (status_is(status, STATUS_BAD_OBJECT)) continue;
    TRY(status);
    if (is_served(COMMAND_FIELD(info.implements.characters))) continue;
    const request_result_t made =
        command_request_one(kRequestLoad, TEXT(""), COMMAND_FIELD(info.object.characters));
    TRY(made.status);
    *request = made.value;
    command->stage = kStageWait;
    return OK;
  }
}

static status_t load_all(command_t *command) {
  request_t request;
  COMMAND_OPEN(command, &request);
  if (command->stage == kStageWait) {
    TRY(command_request_poll(command, request));
    TRY(request_close(request));
    command->stage = kStageNext;
  }
  const status_t status = load_next(command, &request);
  COMMAND_COMMIT(command, &request);
  return status;
}

status_t command_frames_step(command_t *command) {
  const text_t verb = command_word(command, 1);
  if (text_equal(verb, TEXT("load"))) return load_all(command);
  if (text_equal(verb, TEXT("keep"))) return keep(command);
  if (text_equal(verb, TEXT("compare"))) return compare(command);
  return command_usage(command, TEXT("frames load|keep|compare [SLACK]"));
}
