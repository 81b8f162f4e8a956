// SPDX-License-Identifier: MIT
#include "cells/command_irqs/command_irqs.h"

#include "cells/interrupt_dispatch/interrupt_dispatch.h"

static void put_row(command_t *command, const interrupt_info_t *info) {
  if (info->line == kInterruptNoLine) {
    command_column(command, TEXT("-"), 4);
  } else {
    command_column_decimal(command, info->line, 4);
  }
  command_column_decimal(command, info->vector, 6);
  command_column_decimal(command, info->count, 10);
  command_column_decimal(command, info->errors, 6);
  command_column(command, COMMAND_FIELD(info->name), 0);
  command_end_row(command);
}

enum { kStageLines, kStageMessages };

status_t command_irqs_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("irqs"));
  if (command->cursor == 0 && command->stage == kStageLines) {
    command_put(command, TEXT("LINE VECTOR COUNT      ERRORS NAME\n"));
  }
  for (; command_has_room(command); command->cursor++) {
    interrupt_info_t info;
    const bool is_line = command->stage == kStageLines;
    const status_t status = is_line ? interrupt_dispatch_describe(command->cursor, &info)
                                    : interrupt_dispatch_describe_message(command->cursor, &info);
    if (status_is(status, STATUS_NOT_FOUND)) continue;
    if (is_line && status_is(status, STATUS_END)) {
      command->stage = kStageMessages;
      command->cursor = 0;
      return OK;
    }
    TRY(status);
    put_row(command, &info);
  }
  return OK;
}
