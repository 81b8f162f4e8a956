// SPDX-License-Identifier: MIT
#include "cells/command_load/command_load.h"

#include "patterns/command_request.h"

status_t command_load_step(command_t *command) {
  if (command_words(command) != 2) return command_usage(command, TEXT("load OBJECT"));
  request_outcome_t outcome;
  TRY(command_request_run(command, kRequestLoad, TEXT(""), command_object(command_word(command, 1)),
                          &outcome));
  command_put(command, TEXT("load "));
  command_put(command, COMMAND_FIELD(outcome.name.characters));
  command_put(command, TEXT(" version "));
  command_put_decimal(command, outcome.new_version);
  command_put(command, TEXT(" generation "));
  command_put_decimal(command, outcome.generation);
  command_put(command, TEXT("\n"));
  return ERR(END);
}
