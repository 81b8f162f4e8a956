// SPDX-License-Identifier: MIT
#include "cells/command_objects/command_objects.h"

static void put_header(command_t *command) {
  command_column(command, TEXT("OBJECT"), 22);
  command_column(command, TEXT("IMPLEMENTS"), 22);
  command_column(command, TEXT("VERSION"), 7);
  command_column(command, TEXT("BYTES"), 7);
  command_put(command, TEXT("SUMMARY\n"));
}

static void put_row(command_t *command, const object_info_t *info) {
  command_column(command, COMMAND_FIELD(info->object.characters), 22);
  command_column(command, COMMAND_FIELD(info->implements.characters), 22);
  command_column_decimal(command, info->version, 7);
  command_column_decimal(command, info->bytes, 7);
  command_column(command, COMMAND_FIELD(info->summary), 0);
  command_end_row(command);
}

status_t command_objects_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("objects"));
  if (command->cursor == 0) put_header(command);
  for (; command_has_room(command); command->cursor++) {
    object_info_t info = {};
    const status_t status = object_describe(command->cursor, &info);
    if (!status_is(status, STATUS_BAD_OBJECT)) TRY(status);
    put_row(command, &info);  // of a malformed object as much as could be read
  }
  return OK;
}
