// SPDX-License-Identifier: MIT
#include "cells/command_irqs/command_irqs.h"

#include "cells/interrupt_dispatch/interrupt_dispatch.h"

enum { kStageBegin, kStageLines, kStageMessages };
enum { kLineWidth = 4, kVectorWidth = 6, kCountWidth = 10, kErrorsWidth = 6 };

// The columns stay those of the first step, whoever comes online meanwhile.
typedef struct irqs_progress {
  uint64_t online;  // bit i: processor i
} irqs_progress_t;

static bool is_online(uint64_t processor) {
  processor_info_t info = {};
  return status_is_ok(processor_describe(processor, &info)) && info.status == kProcessorOnline;
}

static void put_header(command_t *command, const irqs_progress_t *progress) {
  command_put(command, TEXT("LINE VECTOR "));
  for (uint64_t i = 0; i < kProcessors; i++) {
    if ((progress->online >> i & 1) == 0) continue;
    const size_t start = command->output_length;
    command_put(command, TEXT("CPU"));
    command_put_decimal(command, i);
    command_pad(command, command->output_length - start, kCountWidth);
  }
  command_put(command, TEXT("ERRORS NAME\n"));
}

static void put_row(command_t *command, const irqs_progress_t *progress,
                    const interrupt_info_t *info) {
  if (info->line == kInterruptNoLine) {
    command_column(command, TEXT("-"), kLineWidth);
  } else {
    command_column_decimal(command, info->line, kLineWidth);
  }
  command_column_decimal(command, info->vector, kVectorWidth);
  for (uint64_t i = 0; i < kProcessors; i++) {
    if ((progress->online >> i & 1) == 0) continue;
    command_column_decimal(command, info->counts[i], kCountWidth);
  }
  command_column_decimal(command, info->errors, kErrorsWidth);
  command_column(command, COMMAND_FIELD(info->name), 0);
  command_end_row(command);
}

static status_t begin(command_t *command) {
  irqs_progress_t progress = {};
  for (uint64_t i = 0; i < kProcessors; i++) {
    if (is_online(i)) progress.online |= UINT64_C(1) << i;
  }
  put_header(command, &progress);
  COMMAND_COMMIT(command, &progress);
  command->stage = kStageLines;
  return OK;
}

static status_t list(command_t *command) {
  irqs_progress_t progress;
  COMMAND_OPEN(command, &progress);
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
    put_row(command, &progress, &info);
  }
  return OK;
}

// Whether a number that is no line is the vector of a device that signals by message.
static bool is_message(uint64_t number) {
  interrupt_info_t info;
  return status_is_ok(
      interrupt_dispatch_describe_message(number - kInterruptFirstMessageVector, &info));
}

static status_t refuse_line(command_t *command, uint64_t line) {
  const text_t word = command_word(command, 2);
  if (line >= kInterruptFirstMessageVector && is_message(line)) {
    return command_refuse(
        command, ERR(UNSUPPORTED), TEXT("vector "), word,
        TEXT(" is of a device that signals by message, where its driver told it"));
  }
  return command_refuse(command, ERR(NOT_FOUND), TEXT("nobody has line "), word,
                        TEXT("; `irqs` lists those that are in use"));
}

static status_t refuse_processor(command_t *command, status_t status) {
  return command_refuse(command, status, TEXT("processor "), command_word(command, 3),
                        status_is(status, STATUS_UNSUPPORTED)
                            ? TEXT(" has a local APIC that lines cannot reach")
                            : TEXT(" is not online; `cpus` lists those that are"));
}

static status_t route(command_t *command) {
  const u64_result_t line = command_number(command, 2);
  TRY(line.status);
  const u64_result_t processor = command_number(command, 3);
  TRY(processor.status);
  if (line.value >= kInterruptLines) return refuse_line(command, line.value);
  const status_t status = interrupt_dispatch_route(line.value, processor.value);
  if (status_is(status, STATUS_NOT_FOUND)) return refuse_line(command, line.value);
  if (status_is(status, STATUS_OUT_OF_RANGE) || status_is(status, STATUS_UNSUPPORTED) ||
      (status_is(status, STATUS_UNAVAILABLE) && !is_online(processor.value))) {
    return refuse_processor(command, status);
  }
  TRY(status);
  command_put(command, TEXT("line "));
  command_put_decimal(command, line.value);
  command_put(command, TEXT(" goes to processor "));
  command_put_decimal(command, processor.value);
  command_put(command, TEXT("\n"));
  return ERR(END);
}

status_t command_irqs_step(command_t *command) {
  const size_t words = command_words(command);
  if (words == 4 && text_equal(command_word(command, 1), TEXT("route"))) return route(command);
  if (words > 1) return command_usage(command, TEXT("irqs, irqs route LINE PROCESSOR"));
  return command->stage == kStageBegin ? begin(command) : list(command);
}
