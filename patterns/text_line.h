// SPDX-License-Identifier: MIT
/// @file
/// One line of text, put together piece by piece; a line for the log, for instance.
/// @spill none
#pragma once
#include "patterns/number_text.h"

enum { kTextLineBytes = 159 };

/// All zero is the empty line. What does not fit any more is cut.
typedef struct text_line {
  size_t length;
  char characters[kTextLineBytes];
} text_line_t;

static inline void text_line_text(text_line_t *line, text_t text) {
  const text_buffer_t all = SPAN_OF(text_buffer, line->characters);
  line->length += text_copy(text_buffer_slice(all, line->length, all.length - line->length), text);
}

static inline void text_line_decimal(text_line_t *line, uint64_t value) {
  char digits[kNumberTextDecimalDigits];
  const size_result_t length = number_text_decimal(SPAN_OF(text_buffer, digits), value);
  text_line_text(line, text_slice(SPAN_OF(text, digits), 0, length.value));
}

/// 0x and as many digits as the value has.
static inline void text_line_hexadecimal(text_line_t *line, uint64_t value) {
  char digits[kNumberTextHexadecimalDigits];
  const size_result_t length = number_text_hexadecimal(SPAN_OF(text_buffer, digits), value, 1);
  text_line_text(line, TEXT("0x"));
  text_line_text(line, text_slice(SPAN_OF(text, digits), 0, length.value));
}

static inline text_t text_line_view(const text_line_t *line) {
  return text_slice(SPAN_OF(text, line->characters), 0, line->length);
}
