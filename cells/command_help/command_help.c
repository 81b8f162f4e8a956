// SPDX-License-Identifier: MIT
#include "cells/command_help/command_help.h"

#include "cells/completion/completion.h"
#include "patterns/usage.h"

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

// A row for each kind of thing that the usage speaks of.
static void put_arguments(command_t *command, text_t usage) {
  bool header = false;
  for (uint32_t i = 0; i < kUsageKinds; i++) {
    const enum usage_kind kind = (enum usage_kind)i;
    if (!usage_mentions(usage, kind)) continue;
    if (!header) command_put(command, TEXT("ARGUMENT   MEANING\n"));
    header = true;
    command_column(command, usage_word(kind), 10);
    command_column(command, usage_meaning(kind), 0);
    command_end_row(command);
  }
}

static status_t refuse_unknown(command_t *command, text_t wanted) {
  name_t near;
  command->output_length = 0;
  if (!status_is_ok(completion_nearest(wanted, &near))) {
    return command_refuse(command, ERR(NOT_FOUND), TEXT("no command "), wanted, TEXT(""));
  }
  // Not much room is left behind a long word, but then nothing is near.
  char after[kNameBytes + 16];
  const text_buffer_t buffer = SPAN_OF(text_buffer, after);
  size_t used = text_copy(buffer, TEXT("; did you mean "));
  used += text_copy(text_buffer_slice(buffer, used, kNameBytes), COMMAND_FIELD(near.characters));
  used += text_copy(text_buffer_slice(buffer, used, 1), TEXT("?"));
  return command_refuse(command, ERR(NOT_FOUND), TEXT("no command "), wanted,
                        text_slice(SPAN_OF(text, after), 0, used));
}

status_t command_help_step(command_t *command) {
  if (command_words(command) > 2) return command_usage(command, TEXT("help [COMMAND]"));
  const text_t wanted = command_word(command, 1);
  if (command->cursor == 0) command_put(command, TEXT("COMMAND    SUMMARY\n"));
  for (; command_has_room(command); command->cursor++) {
    object_info_t info;
    const status_t status = object_describe(command->cursor, &info);
    if (status_is(status, STATUS_BAD_OBJECT)) continue;
    if (status_is(status, STATUS_END) && wanted.length != 0) return refuse_unknown(command, wanted);
    TRY(status);
    if (!put_command(command, &info, wanted) || wanted.length == 0) continue;
    put_arguments(command, usage_of(COMMAND_FIELD(info.summary)));
    return ERR(END);
  }
  return OK;
}
