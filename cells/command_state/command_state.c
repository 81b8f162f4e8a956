// SPDX-License-Identifier: MIT
#include "cells/command_state/command_state.h"

status_t command_state_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("state"));
  if (command->cursor == 0) {
    command_put(command, TEXT("NAME                       VERSION BYTES    OWNERS\n"));
  }
  for (; command_has_room(command); command->cursor++) {
    blob_info_t info;
    TRY(blob_describe(command->cursor, &info));
    command_column(command, COMMAND_FIELD(info.name.characters), 26);
    command_column_decimal(command, info.version, 7);
    command_column_decimal(command, info.bytes, 8);
    command_column_decimal(command, info.owners, 0);
    command_end_row(command);
  }
  return OK;
}
