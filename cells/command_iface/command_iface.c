// SPDX-License-Identifier: MIT
#include "cells/command_iface/command_iface.h"

// Where the listing of all cells is; command->cursor counts the functions of one.
typedef struct iface_progress {
  uint64_t instance;
} iface_progress_t;

static void put_header(command_t *command) {
  command_column(command, TEXT("NAME"), 20);
  command_column(command, TEXT("FUNCTION"), 36);
  command_column(command, TEXT("FINGERPRINT"), 16);
  command_put(command, TEXT("SHAPE\n"));
}

// Puts the functions of one cell, from command->cursor on; END past the last.
static status_t put_functions(command_t *command, text_t name) {
  for (; command_has_room(command); command->cursor++) {
    export_info_t info;
    TRY(instance_export(name, command->cursor, &info));
    command_column(command, name, 20);
    command_column(command, COMMAND_FIELD(info.function.characters), 36);
    command_put_hexadecimal(command, info.fingerprint, 16);
    command_put(command, TEXT(" "));
    command_column(command, COMMAND_FIELD(info.shape.characters), 0);
    command_end_row(command);
  }
  return OK;
}

static status_t put_all(command_t *command) {
  iface_progress_t progress;
  COMMAND_OPEN(command, &progress);
  while (command_has_room(command)) {
    instance_info_t info;
    TRY(instance_describe(progress.instance, &info));
    status_t status = ERR(END);
    if (info.status != kInstanceRetired) {
      status = put_functions(command, COMMAND_FIELD(info.name.characters));
    }
    if (status_is_ok(status)) break;
    // Past its last function; or it was withdrawn between the two questions.
    progress.instance++;
    command->cursor = 0;
  }
  COMMAND_COMMIT(command, &progress);
  return OK;
}

status_t command_iface_step(command_t *command) {
  const size_t words = command_words(command);
  if (words > 2) return command_usage(command, TEXT("iface [NAME]"));
  if (command->stage == 0) {
    put_header(command);
    command->stage = 1;
  }
  if (words == 1) return put_all(command);
  const text_t name = command_word(command, 1);
  const status_t status = put_functions(command, name);
  if (!status_is(status, STATUS_NOT_FOUND)) return status;
  command->output_length = 0;
  return command_refuse(command, status, TEXT("nobody serves "), name, TEXT(""));
}
