// SPDX-License-Identifier: MIT
/// @file
/// A part of the shell: how large the terminal is.
#pragma once
#include "cells/serial_port/serial_port.h"
#include "cells/shell/progress.h"

enum {
  kDefaultRows = 24,
  kDefaultColumns = 80,
  kLeastRows = 2,
  kLeastColumns = 20,
  kMostCharacters = 1000,  // rows, or columns
};

static inline bool option_is(text_t name, text_t wanted) {
  char value[16];
  const size_result_t length = machine_option_value(name, SPAN_OF(text_buffer, value));
  if (!status_is_ok(length.status) || length.value > sizeof(value)) return false;
  return text_equal(text_slice(SPAN_OF(text, value), 0, length.value), wanted);
}

// The number after `name=` on the command line.
static inline u64_result_t option_number(text_t name) {
  char value[16];
  const size_result_t length = machine_option_value(name, SPAN_OF(text_buffer, value));
  TRY_RESULT(u64_result_t, length.status);
  return number_text_parse(text_slice(SPAN_OF(text, value), 0, length.value));
}

// Takes note of a size that makes sense.
static inline void set_size(shell_progress_t *progress, uint64_t rows, uint64_t columns) {
  if (rows < kLeastRows || columns < kLeastColumns) return;
  if (rows > kMostCharacters || columns > kMostCharacters) return;
  progress->rows = (uint32_t)rows;
  progress->columns = (uint32_t)columns;
}

// Goes to the lower right corner, asks where that is, and comes back. Screens that do not know
// this never see it: it goes to the serial line alone.
static inline void ask_for_size(void) {
  const text_t question = TEXT(
      "\x1b"
      "7\x1b[999;999H\x1b[6n\x1b"
      "8");
  status_ignore(serial_port_write(question), "a guess does, too");
}

// What the command line says, or what the screen has until the terminal on the serial line answers.
static inline void find_size(shell_progress_t *progress) {
  console_multiplexer_size_t size;
  set_size(progress, kDefaultRows, kDefaultColumns);
  if (status_is_ok(console_multiplexer_size(&size))) set_size(progress, size.rows, size.columns);
  const u64_result_t columns = option_number(TEXT("columns"));
  if (status_is_ok(columns.status)) set_size(progress, progress->rows, columns.value);
  const u64_result_t rows = option_number(TEXT("rows"));
  if (status_is_ok(rows.status)) {
    set_size(progress, rows.value, progress->columns);
    if (rows.value == 0) progress->rows = 0;
  } else if (!option_is(TEXT("console"), TEXT("screen"))) {
    ask_for_size();
  }
}
