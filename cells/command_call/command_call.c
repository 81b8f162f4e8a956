// SPDX-License-Identifier: MIT
#include "cells/command_call/command_call.h"

#include "patterns/status_text.h"

enum { kFirstArgument = 3 };

static const text_t kUsage = TEXT("call NAME FUNCTION [INTEGER...], at most 6 integers");

static status_t read_arguments(command_t *command, call_arguments_t *arguments) {
  const size_t words = command_words(command);
  if (words < kFirstArgument || words > kFirstArgument + kCallArguments) {
    return command_usage(command, kUsage);
  }
  for (size_t i = kFirstArgument; i < words; i++) {
    const u64_result_t number = command_number(command, i);
    TRY(number.status);
    arguments->values[i - kFirstArgument] = number.value;
  }
  arguments->count = words - kFirstArgument;
  return OK;
}

static void put_answer(command_t *command, const call_outcome_t *outcome) {
  command_put(command, TEXT("call "));
  command_put(command, command_word(command, 1));
  command_put(command, TEXT(" "));
  command_put(command, command_word(command, 2));
  command_put(command, TEXT(" status "));
  command_put(command, status_text_name(outcome->status));
  command_put(command, TEXT(" value "));
  command_put_decimal(command, outcome->value);
  command_put(command, TEXT("\n"));
}

status_t command_call_step(command_t *command) {
  call_arguments_t arguments = {};
  TRY(read_arguments(command, &arguments));
  call_outcome_t outcome = {};
  const status_t made =
      instance_call(command_word(command, 1), command_word(command, 2), &arguments, &outcome);
  if (!status_is_ok(made)) {
    return command_refuse(command, made, TEXT(""), COMMAND_FIELD(outcome.message), TEXT(""));
  }
  put_answer(command, &outcome);
  if (!status_is_ok(outcome.status)) {
    command->result = command_refuse(command, outcome.status, command_word(command, 2),
                                     TEXT(" answered: "), status_text_meaning(outcome.status));
  }
  return ERR(END);
}
