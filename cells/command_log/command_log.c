// SPDX-License-Identifier: MIT
#include "cells/command_log/command_log.h"

#include "cells/log/log.h"

static void put_line(command_t *command, const log_line_t *line) {
  command_put(command, TEXT("["));
  command_put(command, COMMAND_FIELD(line->source));
  command_put(command, TEXT("] "));
  command_put(command, COMMAND_FIELD(line->message));
  command_put(command, TEXT("\n"));
}

status_t command_log_step(command_t *command) {
  if (command_words(command) > 2) return command_usage(command, TEXT("log [NAME]"));
  const text_t source = command_word(command, 1);
  while (command_has_room(command)) {
    log_line_t line;
    TRY(log_read(command->cursor, &line));
    command->cursor = line.number + 1;
    if (source.length == 0 || text_equal(source, COMMAND_FIELD(line.source))) {
      put_line(command, &line);
    }
  }
  return OK;
}
