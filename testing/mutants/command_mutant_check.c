// SPDX-License-Identifier: MIT
// A command that attacks the loader from inside: `mutant_check` loads every object of the archive
// whose name begins with `mutant_`, unloads what was taken, and compares the free memory at the end
// with that at the beginning. The code of a mutant is never called.
#include "nano_core/api/cell.h"
#include "nano_core/api/memory.h"
#include "patterns/command_request.h"
#include "patterns/tap.h"
#include "testing/objects/free_frames.h"

CELL_EXPORT status_t command_mutant_check_step(LENT command_t *command);

enum { kStageBegin = 0, kStageOffer, kStageLoad, kStageUnload, kMutantsAtLeast = 1000 };

typedef struct check_progress {
  request_t request;
  uint64_t frames;  // free at the beginning
  uint64_t offered;
  uint64_t loaded;
  uint64_t bad_object;
  uint64_t busy;
  uint64_t incompatible;
  uint64_t denied;
  uint64_t no_memory;
  uint64_t untyped;     // refused with another error
  uint64_t unreasoned;  // refused without a message
  uint64_t stuck;       // loaded, but not to be unloaded
} check_progress_t;

static status_t begin(command_t *command, check_progress_t *progress) {
  const u64_result_t frames = free_frames_count();
  TRY(frames.status);
  progress->frames = frames.value;
  command->stage = kStageOffer;
  return OK;
}

static status_t send(check_progress_t *progress, uint64_t kind, text_t name) {
  const request_result_t request = command_request_one(kind, name, TEXT(""));
  TRY(request.status);
  progress->request = request.value;
  return OK;
}

// Offers the next mutant of the archive.
// @returns  END: there is none
static status_t offer(command_t *command, check_progress_t *progress) {
  for (;; command->cursor++) {
    object_info_t info = {};
    const status_t status = object_describe(command->cursor, &info);
    if (!status_is(status, STATUS_BAD_OBJECT)) TRY(status);
    const text_t name = COMMAND_FIELD(info.object.characters);
    if (!text_starts_with(name, TEXT("mutant_"))) continue;
    command->cursor++;
    progress->offered++;
    command->stage = kStageLoad;
    return send(progress, kRequestLoad, name);
  }
}

static uint64_t *tally_of(check_progress_t *progress, status_t status) {
  switch (status.code) {
    case STATUS_BAD_OBJECT:
      return &progress->bad_object;
    case STATUS_BUSY:
      return &progress->busy;
    case STATUS_INCOMPATIBLE:
      return &progress->incompatible;
    case STATUS_DENIED:
      return &progress->denied;
    case STATUS_NO_MEMORY:
      return &progress->no_memory;
    default:
      return &progress->untyped;
  }
}

static status_t look_at_load(command_t *command, check_progress_t *progress) {
  const status_t status = command_request_poll(command, progress->request);
  if (status_is(status, STATUS_WOULD_BLOCK)) return status;
  command->stage = kStageOffer;
  if (!status_is_ok(status)) {
    *tally_of(progress, status) += 1;
    progress->unreasoned += command->message[0] == 0;
    return OK;
  }
  request_outcome_t outcome;
  TRY(request_outcome(progress->request, 0, &outcome));
  TRY(request_close(progress->request));
  progress->loaded++;
  command->stage = kStageUnload;
  return send(progress, kRequestUnload, COMMAND_FIELD(outcome.name.characters));
}

static status_t look_at_unload(command_t *command, check_progress_t *progress) {
  const status_t status = command_request_poll(command, progress->request);
  if (status_is(status, STATUS_WOULD_BLOCK)) return status;
  command->stage = kStageOffer;
  if (status_is_ok(status)) return request_close(progress->request);
  progress->stuck++;
  return OK;
}

static void put_count(command_t *command, text_t what, uint64_t count) {
  command_put(command, what);
  command_put_decimal(command, count);
}

static status_t report(command_t *command, const check_progress_t *progress) {
  const u64_result_t frames = free_frames_count();
  TRY(frames.status);
  put_count(command, TEXT("mutants "), progress->offered);
  put_count(command, TEXT(" loaded "), progress->loaded);
  put_count(command, TEXT(" bad_object "), progress->bad_object);
  put_count(command, TEXT(" busy "), progress->busy);
  put_count(command, TEXT(" incompatible "), progress->incompatible);
  put_count(command, TEXT(" denied "), progress->denied);
  put_count(command, TEXT(" no_memory "), progress->no_memory);
  put_count(command, TEXT(" frames "), progress->frames);
  put_count(command, TEXT(" "), frames.value);
  command_put(command, TEXT("\n"));
  tap_t tap = {};
  tap_check(&tap, command, progress->offered >= kMutantsAtLeast, TEXT("the archive holds mutants"));
  tap_check(&tap, command, progress->untyped == 0, TEXT("each refusal is an error of a loader"));
  tap_check(&tap, command, progress->unreasoned == 0, TEXT("each refusal has a reason"));
  tap_check(&tap, command, progress->stuck == 0, TEXT("what was loaded was unloaded"));
  tap_check(&tap, command, progress->loaded > 0 && progress->bad_object > 0,
            TEXT("some were loaded, some refused"));
  tap_check(&tap, command, frames.value == progress->frames, TEXT("as much memory is free"));
  const u64_result_t violations = memory_count_violations();
  tap_check(&tap, command, status_is_ok(violations.status) && violations.value == 0,
            TEXT("no page is writable and executable"));
  command->message[0] = 0;
  return tap_end(&tap, command);
}

static status_t step(command_t *command, check_progress_t *progress) {
  if (command->stage == kStageBegin) return begin(command, progress);
  if (command->stage == kStageLoad) return look_at_load(command, progress);
  if (command->stage == kStageUnload) return look_at_unload(command, progress);
  const status_t status = offer(command, progress);
  return status_is(status, STATUS_END) ? report(command, progress) : status;
}

status_t command_mutant_check_step(command_t *command) {
  check_progress_t progress;
  COMMAND_OPEN(command, &progress);
  const status_t status = step(command, &progress);
  COMMAND_COMMIT(command, &progress);
  return status;
}
