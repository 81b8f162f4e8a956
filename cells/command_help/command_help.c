// SPDX-License-Identifier: MIT
#include "cells/command_help/command_help.h"

static const text_t kPrefix = TEXT("command_");

// Puts a row for the object, if it is a command, and the one wanted (empty: all).
// Returns whether it did.
static bool put_command(command_t *command, const object_info_t *info, text_t wanted) {
  const text_t implements = COMMAND_FIELD(info->implements.characters);
  if (!text_starts_with(implements, kPrefix)) return false;
  const text_t word = text_slice(implements, kPrefix.length, implements.length - kPrefix.length);
  if (wanted.length != 0 && !text_equal(word, wanted)) return false;
  command_column(command, word, 10);
  command_column(command, COMMAND_FIELD(info->summary), 0);
  command_end_row(command);
  return true;
}

status_t command_help_step(command_t *command) {
  if (command_words(command) > 2) return command_usage(command, TEXT("help [COMMAND]"));
  const text_t wanted = command_word(command, 1);
  if (command->cursor == 0) command_put(command, TEXT("COMMAND    SUMMARY\n"));
  for (; command_has_room(command); command->cursor++) {
    object_info_t info;
    const status_t status = object_describe(command->cursor, &info);
    if (status_is(status, STATUS_BAD_OBJECT)) continue;
    if (status_is(status, STATUS_END) && wanted.length != 0) {
      command->output_length = 0;
      return command_refuse(command, ERR(NOT_FOUND), TEXT("no command "), wanted, TEXT(""));
    }
    TRY(status);
    if (put_command(command, &info, wanted) && wanted.length != 0) return ERR(END);
  }
  return OK;
}
