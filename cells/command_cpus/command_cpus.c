// SPDX-License-Identifier: MIT
#include "cells/command_cpus/command_cpus.h"

#include "cells/processors/processors.h"

// The number of the row stands in the command's memory; its cursor is that of processors_next.
typedef struct progress {
  uint64_t number;
} progress_t;

static text_t state_text(uint32_t state) {
  switch (state) {
    case kProcessorRunning:
      return TEXT("running");
    case kProcessorIdle:
      return TEXT("idle: not started");
    case kProcessorAbsent:
      return TEXT("absent: may be plugged in");
    default:
      return TEXT("disabled by the firmware");
  }
}

static void put_row(command_t *command, uint64_t number, const processor_t *processor) {
  command_column_decimal(command, number, 6);
  command_column_decimal(command, processor->apic, 10);
  command_column(command, state_text(processor->state), 0);
  command_end_row(command);
}

status_t command_cpus_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("cpus"));
  if (command->cursor == 0) command_put(command, TEXT("NUMBER APIC       STATE\n"));
  progress_t progress;
  COMMAND_OPEN(command, &progress);
  while (command_has_room(command)) {
    processor_t processor;
    const u64_result_t next = processors_next(command->cursor, &processor);
    if (status_is(next.status, STATUS_IO_ERROR)) {
      return command_refuse(command, next.status, TEXT("the firmware's list of processors"),
                            TEXT(""), TEXT(" ends with nonsense; there may be more of them"));
    }
    TRY(next.status);
    put_row(command, progress.number++, &processor);
    command->cursor = next.value;
  }
  COMMAND_COMMIT(command, &progress);
  return OK;
}
