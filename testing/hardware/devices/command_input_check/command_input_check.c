// SPDX-License-Identifier: MIT
// A command that swaps the input's cells: `input_check [ROUNDS]` replaces keyboard, mouse and
// ps2_controller ROUNDS times each, while somebody types and moves the mouse.
#include "nano_core/api/cell.h"
#include "patterns/command_request.h"

CELL_EXPORT status_t command_input_check_step(LENT command_t *command);

enum { kCells = 3, kDefaultRounds = 20, kStageBegin = 0, kStageSwap, kStageWait };

typedef struct check_progress {
  request_t request;
  uint64_t rounds;
} check_progress_t;

static text_t cell_name(uint64_t swap) {
  if (swap % kCells == 0) return TEXT("keyboard");
  return swap % kCells == 1 ? TEXT("mouse") : TEXT("ps2_controller");
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
    if (command->cursor == progress->rounds * kCells) return ERR(END);
    const request_result_t request =
        command_request_one(kRequestSwap, cell_name(command->cursor), TEXT(""));
    TRY(request.status);
    progress->request = request.value;
    command->stage = kStageWait;
  }
  TRY(command_request_poll(command, progress->request));
  TRY(request_close(progress->request));
  command->cursor++;
  command->stage = kStageSwap;
  return OK;
}

status_t command_input_check_step(command_t *command) {
  check_progress_t progress;
  COMMAND_OPEN(command, &progress);
  const status_t status = step(command, &progress);
  COMMAND_COMMIT(command, &progress);
  return status;
}
