// SPDX-License-Identifier: MIT
#include "cells/command_cells/command_cells.h"

#include "nano_core/api/machine.h"

static text_t status_word(uint32_t status) {
  switch (status) {
    case kInstanceLoaded:
      return TEXT("loaded");
    case kInstanceServing:
      return TEXT("serving");
    case kInstanceRetired:
      return TEXT("retired");
    default:
      return TEXT("unknown");
  }
}

static void put_header(command_t *command) {
  command_column(command, TEXT("NAME"), 20);
  command_column(command, TEXT("OBJECT"), 20);
  command_column(command, TEXT("VERSION"), 7);
  command_column(command, TEXT("GEN"), 5);
  command_column(command, TEXT("STATUS"), 7);
  command_column(command, TEXT("TEXT"), 18);
  command_column(command, TEXT("RODATA"), 18);
  command_column(command, TEXT("STATE"), 7);
  command_put(command, TEXT("IMPORTS CALLERS TEXT_BYTES RODATA_BYTES\n"));
}

static void put_row(command_t *command, const instance_info_t *info) {
  command_column(command, COMMAND_FIELD(info->name.characters), 20);
  command_column(command, COMMAND_FIELD(info->object.characters), 20);
  command_column_decimal(command, info->version, 7);
  command_column_decimal(command, info->generation, 5);
  command_column(command, status_word(info->status), 7);
  command_column_address(command, info->text);
  command_column_address(command, info->rodata);
  command_column_decimal(command, info->state_bytes, 7);
  command_column_decimal(command, info->imports, 7);
  command_column_decimal(command, info->callers, 7);
  command_column_decimal(command, info->text_bytes, 10);
  command_column_decimal(command, info->rodata_bytes, 0);
  command_end_row(command);
}

status_t command_cells_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("cells"));
  if (command->cursor == 0) put_header(command);
  for (; command_has_room(command); command->cursor++) {
    instance_info_t info;
    const status_t status = instance_describe(command->cursor, &info);
    if (status_is(status, STATUS_END)) {
      const bool_result_t unsigned_too = machine_option(TEXT("dev_unsigned"));
      if (status_is_ok(unsigned_too.status) && unsigned_too.value) {
        command_put(command, TEXT("[cells] dev_unsigned: objects need no signature\n"));
      }
    }
    TRY(status);
    put_row(command, &info);
  }
  return OK;
}
