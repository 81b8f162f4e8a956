// SPDX-License-Identifier: MIT
#include "cells/command_cpus/command_cpus.h"

#include "cells/processors/processors.h"

static text_t state_text(uint32_t state) {
  switch (state) {
    case kProcessorRunning:
      return TEXT("running");
    case kProcessorStarting:
      return TEXT("starting");
    case kProcessorIdle:
      return TEXT("idle");
    case kProcessorFailed:
      return TEXT("failed");
    case kProcessorUnreachable:
      return TEXT("unreachable");
    case kProcessorAbsent:
      return TEXT("absent");
    default:
      return TEXT("disabled");
  }
}

// Why it does not run.
static text_t note_text(uint32_t state) {
  switch (state) {
    case kProcessorRunning:
      return TEXT("");
    case kProcessorStarting:
      return TEXT("it was reset, and is waited for");
    case kProcessorIdle:
      return TEXT("not started");
    case kProcessorFailed:
      return TEXT("did not start");
    case kProcessorUnreachable:
      return TEXT("its number is above 254");
    case kProcessorAbsent:
      return TEXT("may be plugged in");
    default:
      return TEXT("by the firmware");
  }
}

static uint64_t busy_percent(const processor_info_t *info) {
  if (info->cycles < 100 || info->idle_cycles > info->cycles) return 0;
  return (info->cycles - info->idle_cycles) / (info->cycles / 100);
}

static void put_counters(command_t *command, const processor_info_t *info) {
  command_column_decimal(command, busy_percent(info), 5);
  command_column_decimal(command, info->switches, 10);
  command_column_decimal(command, info->steps, 10);
  command_column_decimal(command, info->interrupts, 10);
  command_column_decimal(command, info->calls, 5);
}

static void put_row(command_t *command, const processor_t *processor) {
  processor_info_t info = {};
  const bool running = processor->state == kProcessorRunning &&
                       status_is_ok(processor_describe(processor->number, &info));
  if (running) {
    command_column_decimal(command, processor->number, 6);
  } else {
    command_column(command, TEXT("-"), 6);
  }
  command_column_decimal(command, processor->apic, 10);
  command_column(command, state_text(processor->state), 11);
  if (running) {
    put_counters(command, &info);
  } else {
    command_put(command, TEXT("-     -          -          -          -     "));
    command_put(command, note_text(processor->state));
  }
  command_end_row(command);
}

status_t command_cpus_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("cpus"));
  if (command->cursor == 0) {
    command_put(command, TEXT("NUMBER APIC       STATE       BUSY% SWITCHES   STEPS      "
                              "INTERRUPTS CALLS NOTE\n"));
  }
  while (command_has_room(command)) {
    processor_t processor;
    const u64_result_t next = processors_next(command->cursor, &processor);
    if (status_is(next.status, STATUS_IO_ERROR)) {
      return command_refuse(command, next.status, TEXT("the firmware's list of processors"),
                            TEXT(""), TEXT(" ends with nonsense; there may be more of them"));
    }
    TRY(next.status);
    put_row(command, &processor);
    command->cursor = next.value;
  }
  return OK;
}
