// SPDX-License-Identifier: MIT
#include "cells/command_acpi/command_acpi.h"

#include "cells/acpi/acpi.h"

static void put_row(command_t *command, const acpi_table_t *table) {
  command_column(command, COMMAND_FIELD(table->signature), 9);
  command_column_address(command, (vaddr_t){table->start.bytes});
  command_column_decimal(command, table->bytes, 8);
  command_column(command, table->sound != 0 ? TEXT("ok") : TEXT("bad"), 0);
  command_end_row(command);
}

status_t command_acpi_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("acpi"));
  if (command->cursor == 0) {
    command_put(command, TEXT("SIGNATURE ADDRESS            BYTES    CHECKSUM\n"));
  }
  for (; command_has_room(command); command->cursor++) {
    acpi_table_t table;
    TRY(acpi_describe(command->cursor, &table));
    put_row(command, &table);
  }
  return OK;
}
