// SPDX-License-Identifier: MIT
// A command that tests swaps from inside: `swap_check [ROUNDS]` replaces keyboard, console and
// frame_allocator ROUNDS times each and looks at what is left of every old instance.
#include "nano_core/api/cell.h"
#include "patterns/command_request.h"
#include "patterns/tap.h"
#include "testing/swap/old_instance.h"

CELL_EXPORT status_t command_swap_check_step(LENT command_t *command);

enum { kCells = 3, kDefaultRounds = 100, kStageBegin = 0, kStageSwap, kStageWait };

typedef struct check_progress {
  request_t request;
  uint64_t rounds;
  uint64_t swaps;
  uint64_t in_flight;    // swaps with a call in flight
  uint64_t same_place;   // new text where the old one was
  uint64_t left_mapped;  // pages of old instances that are still mapped
  uint64_t generations;  // that did not count on by one
  old_instance_t before;
} check_progress_t;

static text_t cell_name(uint64_t swap) {
  switch (swap % kCells) {
    case 0:
      return TEXT("keyboard");
    case 1:
      return TEXT("console");
    default:
      return TEXT("frame_allocator");
  }
}

static status_t begin_swap(check_progress_t *progress) {
  const text_t name = cell_name(progress->swaps);
  TRY(old_instance_find(name, &progress->before));
  const request_result_t request = command_request_one(kRequestSwap, name, TEXT(""));
  TRY(request.status);
  progress->request = request.value;
  return OK;
}

static status_t look_back(check_progress_t *progress) {
  request_outcome_t outcome;
  TRY(request_outcome(progress->request, 0, &outcome));
  TRY(request_close(progress->request));
  old_instance_t after;
  TRY(old_instance_find(cell_name(progress->swaps), &after));
  const old_instance_t *before = &progress->before;
  progress->in_flight += outcome.pinned > 0;
  progress->same_place += after.text.bytes == before->text.bytes;
  progress->left_mapped += old_instance_pages(before);
  progress->generations += after.generation != before->generation + 1;
  progress->swaps++;
  return OK;
}

static status_t report(command_t *command, const check_progress_t *progress) {
  tap_t tap = {};
  command_put(command, TEXT("swaps "));
  command_put_decimal(command, progress->swaps);
  command_put(command, TEXT(" with a call in flight "));
  command_put_decimal(command, progress->in_flight);
  command_put(command, TEXT("\n"));
  tap_check(&tap, command, progress->same_place == 0, TEXT("the text address differs each time"));
  tap_check(&tap, command, progress->left_mapped == 0, TEXT("no page of an old instance is left"));
  tap_check(&tap, command, progress->generations == 0, TEXT("generations count on by one"));
  const u64_result_t violations = memory_count_violations();
  tap_check(&tap, command, status_is_ok(violations.status) && violations.value == 0,
            TEXT("no page is writable and executable"));
  return tap_end(&tap, command);
}

static status_t begin(command_t *command, check_progress_t *progress) {
  progress->rounds = kDefaultRounds;
  if (command_words(command) > 1) {
    const u64_result_t rounds = command_number(command, 1);
    TRY(rounds.status);
    progress->rounds = rounds.value;
  }
  command->stage = kStageSwap;
  return OK;
}

static status_t step(command_t *command, check_progress_t *progress) {
  if (command->stage == kStageBegin) return begin(command, progress);
  if (command->stage == kStageSwap) {
    if (progress->swaps == progress->rounds * kCells) return report(command, progress);
    TRY(begin_swap(progress));
    command->stage = kStageWait;
  }
  TRY(command_request_poll(command, progress->request));
  TRY(look_back(progress));
  command->stage = kStageSwap;
  return OK;
}

status_t command_swap_check_step(command_t *command) {
  check_progress_t progress;
  COMMAND_OPEN(command, &progress);
  const status_t status = step(command, &progress);
  COMMAND_COMMIT(command, &progress);
  return status;
}
