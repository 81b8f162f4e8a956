// SPDX-License-Identifier: MIT
#include "cells/command_pages/command_pages.h"

#include "nano_core/api/memory.h"

static const text_t kUsage = TEXT("pages [ADDRESS BYTES]");

static void put_line(command_t *command, text_t name, uint64_t value) {
  command_column(command, name, 0);
  command_put_decimal(command, value);
  command_end_row(command);
}

static status_t put_range(command_t *command) {
  const u64_result_t first = command_number(command, 1);
  TRY(first.status);
  const u64_result_t bytes = command_number(command, 2);
  TRY(bytes.status);
  if (!status_is_ok(checked_add(first.value, bytes.value).status)) {
    return command_refuse(command, ERR(OUT_OF_RANGE),
                          TEXT("the range ends behind the last address"), TEXT(""), TEXT(""));
  }
  const u64_result_t mapped = memory_count_mapped((vaddr_t){first.value}, bytes.value);
  TRY(mapped.status);
  put_line(command, TEXT("mapped"), mapped.value);
  return ERR(END);
}

status_t command_pages_step(command_t *command) {
  const size_t words = command_words(command);
  if (words == 3) return put_range(command);
  if (words != 1) return command_usage(command, kUsage);
  const u64_result_t violations = memory_count_violations();
  TRY(violations.status);
  put_line(command, TEXT("writable_and_executable"), violations.value);
  return ERR(END);
}
