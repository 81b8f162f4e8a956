// SPDX-License-Identifier: MIT
#include "cells/command_load/command_load.h"

#include "patterns/command_request.h"

enum { kStageBegin, kStagePoll };

status_t command_load_step(command_t *command) {
  request_t request;
  COMMAND_OPEN(command, &request);
  if (command->stage == kStageBegin) {
    if (command_words(command) != 2) return command_usage(command, TEXT("load OBJECT"));
    const request_result_t opened =
        command_request_one(kRequestLoad, TEXT(""), command_object(command_word(command, 1)));
    TRY(opened.status);
    request = opened.value;
    COMMAND_COMMIT(command, &request);
    command->stage = kStagePoll;
  }
  TRY(command_request_poll(command, request));
  request_outcome_t outcome;
  TRY(request_outcome(request, 0, &outcome));
  TRY(request_close(request));
  command_put(command, TEXT("load "));
  command_put(command, COMMAND_FIELD(outcome.name.characters));
  command_put(command, TEXT(" version "));
  command_put_decimal(command, outcome.new_version);
  command_put(command, TEXT(" generation "));
  command_put_decimal(command, outcome.generation);
  command_put(command, TEXT("\n"));
  return ERR(END);
}
