// SPDX-License-Identifier: MIT
#include "cells/command_faults/command_faults.h"

#include "cells/timer/timer.h"
#include "nano_core/api/faults.h"
#include "patterns/fault_text.h"
#include "patterns/status_text.h"

enum {
  kNumberWidth = 6,
  kTimeWidth = 13,
  kCellWidth = 20,
  kFunctionWidth = 28,
  kPlaceWidth = 28,
  kAnswerWidth = 10,
  kStepWidth = 5,
  kWhatWidth = 9,
};

// A fault must be shown though the timer fails.
static void put_time(command_t *command, uint64_t cycles, size_t width) {
  const u64_result_t time = timer_cycles_to_nanoseconds(cycles);
  if (status_is_ok(time.status)) {
    command_column_decimal(command, time.value, width);
  } else {
    command_column(command, TEXT("-"), width);
  }
}

// OBJECT+0xOFFSET, of which tools make a line of a source; else the address; `-` for an answer.
static void put_place(command_t *command, const fault_info_t *info, size_t width) {
  const size_t start = command->output_length;
  uint64_t place = info->address;
  if (info->offset != kFaultNoOffset) {
    command_put(command, COMMAND_FIELD(info->object.characters));
    command_put(command, TEXT("+"));
    place = info->offset;
  }
  const bool none = info->cause == kFaultCauseAnswer || info->cause == kFaultCauseMonitorHeld;
  command_put(command, none ? TEXT("-") : TEXT("0x"));
  if (!none) command_put_hexadecimal(command, place, 1);
  command_pad(command, command->output_length - start, width);
}

static text_t kind_name(uint32_t kind) {
  for (size_t i = 0; i < kFaultKindTexts; i++) {
    const fault_kind_text_t text = fault_kind_text(i);
    if (text.kind == kind) return text.name;
  }
  return TEXT("");
}

static void put_cause(command_t *command, const fault_info_t *info) {
  command_put(command, fault_cause_text(info->cause));
  if (info->cause == kFaultCauseOther) {
    command_put(command, TEXT(" "));
    command_put_decimal(command, info->vector);
  }
  if (fault_cause_has_address(info->cause)) {
    command_put(command, TEXT(" at 0x"));
    command_put_hexadecimal(command, info->accessed, 1);
  }
  if (info->injected == 0) return;
  command_put(command, TEXT("; ordered: "));
  command_put(command, kind_name(info->injected));
}

static void put_row(command_t *command, const fault_info_t *info) {
  const fault_call_t *call = &info->calls[0];
  command_column_decimal(command, info->index, kNumberWidth);
  put_time(command, info->time, kTimeWidth);
  command_column(command, COMMAND_FIELD(call->cell.characters), kCellWidth);
  command_column(command, COMMAND_FIELD(call->function.characters), kFunctionWidth);
  put_place(command, info, kPlaceWidth);
  command_column(command, status_text_name(info->status), kAnswerWidth);
  command_column(command, TEXT("error"), kStepWidth);
  put_cause(command, info);
  command_end_row(command);
}

static void put_header(command_t *command) {
  command_column(command, TEXT("NUMBER"), kNumberWidth);
  command_column(command, TEXT("TIME_NS"), kTimeWidth);
  command_column(command, TEXT("CELL"), kCellWidth);
  command_column(command, TEXT("FUNCTION"), kFunctionWidth);
  command_column(command, TEXT("PLACE"), kPlaceWidth);
  command_column(command, TEXT("ANSWER"), kAnswerWidth);
  command_column(command, TEXT("STEP"), kStepWidth);
  command_put(command, TEXT("CAUSE\n"));
}

// Faults that keep coming must not keep the command from ending.
static status_t list(command_t *command) {
  if (command->stage == 0) put_header(command);
  for (; command_has_room(command); command->stage++) {
    fault_info_t info;
    const status_t status = fault_describe(command->cursor, &info);
    if (status_is(status, STATUS_END) || command->stage == kFaultRecords) return ERR(END);
    TRY(status);
    put_row(command, &info);
    command->cursor = info.index + 1;
  }
  return OK;
}

static void put_what(command_t *command, text_t what, text_t value) {
  command_column(command, what, kWhatWidth);
  command_column(command, value, 0);
  command_end_row(command);
}

static void put_calls(command_t *command, const fault_info_t *info) {
  for (size_t i = 1; i < kFaultCalls && i < info->depth; i++) {
    const fault_call_t *call = &info->calls[i];
    const text_t cell = COMMAND_FIELD(call->cell.characters);
    command_column(command, TEXT("called_by"), kWhatWidth);
    command_column(command, cell.length == 0 ? TEXT("resolver") : cell, 0);
    command_column(command, COMMAND_FIELD(call->function.characters), 0);
    command_end_row(command);
  }
  if (info->depth <= kFaultCalls) return put_what(command, TEXT("called_by"), TEXT("nano_core"));
  command_column(command, TEXT("called_by"), kWhatWidth);
  command_put_decimal(command, info->depth - kFaultCalls);
  command_put(command, TEXT(" more\n"));
}

// The first part of a fault in full; the calls come in a step of their own.
static void put_fault(command_t *command, const fault_info_t *info) {
  command_put(command, TEXT("WHAT      VALUE\nnumber    "));
  command_put_decimal(command, info->index);
  command_put(command, TEXT("\ntime_ns   "));
  put_time(command, info->time, 0);
  command_end_row(command);
  put_what(command, TEXT("cell"), COMMAND_FIELD(info->calls[0].cell.characters));
  put_what(command, TEXT("object"), COMMAND_FIELD(info->object.characters));
  put_what(command, TEXT("function"), COMMAND_FIELD(info->calls[0].function.characters));
  command_put(command, TEXT("place     "));
  put_place(command, info, 0);
  command_end_row(command);
  command_put(command, TEXT("cause     "));
  put_cause(command, info);
  command_put(command, TEXT("\n"));
  put_what(command, TEXT("answer"), status_text_name(info->status));
  put_what(command, TEXT("step"), TEXT("error to the caller"));
}

static status_t show(command_t *command) {
  const u64_result_t number = command_number(command, 1);
  TRY(number.status);
  fault_info_t info;
  const status_t status = fault_describe(number.value, &info);
  if (status_is(status, STATUS_END) || (status_is_ok(status) && info.index != number.value)) {
    return command_refuse(command, ERR(NOT_FOUND), TEXT("no fault "), command_word(command, 1),
                          TEXT(" is on record; `faults` lists them"));
  }
  TRY(status);
  if (command->stage++ == 0) {
    put_fault(command, &info);
    return OK;
  }
  put_calls(command, &info);
  return ERR(END);
}

status_t command_faults_step(command_t *command) {
  const size_t words = command_words(command);
  if (words > 2) return command_usage(command, TEXT("faults [NUMBER]"));
  return words == 2 ? show(command) : list(command);
}
