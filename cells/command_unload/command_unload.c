// SPDX-License-Identifier: MIT
#include "cells/command_unload/command_unload.h"

#include "patterns/command_request.h"

// Who withdraws these takes away the one that would answer, or read the next line.
static status_t check_name(command_t *command) {
  const text_t name = command_word(command, 1);
  if (!text_equal(name, TEXT("command_unload")) && !text_equal(name, TEXT("shell"))) return OK;
  return command_refuse(command, ERR(BUSY), name, TEXT(" is at work on this command"),
                        TEXT("; swap it instead"));
}

status_t command_unload_step(command_t *command) {
  if (command_words(command) != 2) return command_usage(command, TEXT("unload NAME"));
  TRY(check_name(command));
  request_outcome_t outcome;
  TRY(command_request_run(command, kRequestUnload, command_word(command, 1), TEXT(""), &outcome));
  command_put(command, TEXT("unload "));
  command_put(command, COMMAND_FIELD(outcome.name.characters));
  command_put(command, TEXT(" version "));
  command_put_decimal(command, outcome.old_version);
  command_put(command, TEXT("\n"));
  return ERR(END);
}
