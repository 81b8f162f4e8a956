// SPDX-License-Identifier: MIT
#include "cells/formatting/formatting.h"

#include "patterns/number_text.h"

size_result_t formatting_decimal(text_buffer_t out, uint64_t value) {
  return number_text_decimal(out, value);
}

size_result_t formatting_signed(text_buffer_t out, int64_t value) {
  if (value >= 0) return number_text_decimal(out, (uint64_t)value);
  if (out.length == 0) return (size_result_t){.status = ERR(NO_SPACE)};
  const text_buffer_t digits = text_buffer_slice(out, 1, out.length - 1);
  size_result_t result = number_text_decimal(digits, 0 - (uint64_t)value);
  if (!status_is_ok(result.status)) return result;
  *text_buffer_at(out, 0) = '-';
  result.value++;
  return result;
}

size_result_t formatting_hexadecimal(text_buffer_t out, uint64_t value, uint64_t digits) {
  return number_text_hexadecimal(out, value, digits);
}

size_result_t formatting_padded(text_buffer_t out, text_t text, uint64_t width) {
  const size_t length = text.length > width ? text.length : width;
  if (length > out.length) return (size_result_t){.status = ERR(NO_SPACE)};
  for (size_t i = text_copy(out, text); i < length; i++) *text_buffer_at(out, i) = ' ';
  return (size_result_t){.value = length};
}

u64_result_t formatting_parse(text_t text) { return number_text_parse(text); }
