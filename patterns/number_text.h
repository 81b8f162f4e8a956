// SPDX-License-Identifier: MIT
/// @file
/// Numbers to text and back.
/// @spill none
#pragma once
#include "nano_core/api/span.h"
#include "nano_core/api/status.h"

enum { kNumberTextDecimalDigits = 20, kNumberTextHexadecimalDigits = 16 };

/// Writes `value` in decimal.
/// @returns  the number of characters
/// @errors   NO_SPACE: it does not fit; `out` is unchanged. 20 characters always suffice.
static inline size_result_t number_text_decimal(text_buffer_t out, uint64_t value) {
  size_result_t result = {};
  char digits[kNumberTextDecimalDigits];
  size_t first = kNumberTextDecimalDigits;
  do {
    digits[--first] = (char)('0' + value % 10);
    value /= 10;
  } while (value != 0);
  const size_t length = kNumberTextDecimalDigits - first;
  if (length > out.length) {
    result.status = ERR(NO_SPACE);
    return result;
  }
  for (size_t i = 0; i < length; i++) *text_buffer_at(out, i) = digits[first + i];
  result.value = length;
  return result;
}

/// Writes `value` in hexadecimal, small letters, no prefix, with leading zeros up to `digits`
/// (1 to 16) or more where the value needs more.
/// @returns  the number of characters
/// @errors   INVALID_ARGUMENT: `digits`. NO_SPACE: it does not fit; `out` is unchanged.
static inline size_result_t number_text_hexadecimal(text_buffer_t out, uint64_t value,
                                                    uint64_t digits) {
  size_result_t result = {};
  if (digits == 0 || digits > kNumberTextHexadecimalDigits) {
    result.status = ERR(INVALID_ARGUMENT);
    return result;
  }
  size_t length = (size_t)digits;
  while (length < kNumberTextHexadecimalDigits && value >> (4 * length) != 0) length++;
  if (length > out.length) {
    result.status = ERR(NO_SPACE);
    return result;
  }
  for (size_t i = 0; i < length; i++) {
    const uint64_t digit = value >> (4 * (length - 1 - i)) & 15;
    *text_buffer_at(out, i) = (char)(digit < 10 ? '0' + digit : 'a' + (digit - 10));
  }
  result.value = length;
  return result;
}

/// The value of the digit `character` in `base`, or `base` where it is none.
static inline uint64_t number_text_digit(char character, uint64_t base) {
  uint64_t value = base;
  if (character >= '0' && character <= '9') value = (uint64_t)(character - '0');
  if (character >= 'a' && character <= 'f') value = (uint64_t)(character - 'a') + 10;
  if (character >= 'A' && character <= 'F') value = (uint64_t)(character - 'A') + 10;
  return value < base ? value : base;
}

/// Reads digits of `base` up to the text's end.
/// @errors   INVALID_ARGUMENT: empty, or another character. OUT_OF_RANGE: more than 64 bits.
static inline u64_result_t number_text_digits(text_t text, uint64_t base) {
  u64_result_t result = {};
  if (text.length == 0) result.status = ERR(INVALID_ARGUMENT);
  for (size_t i = 0; i < text.length && status_is_ok(result.status); i++) {
    const uint64_t digit = number_text_digit(*text_at(text, i), base);
    if (digit == base) {
      result.status = ERR(INVALID_ARGUMENT);
    } else if (__builtin_mul_overflow(result.value, base, &result.value) ||
               __builtin_add_overflow(result.value, digit, &result.value)) {
      result.status = ERR(OUT_OF_RANGE);
    }
  }
  return result;
}

/// Reads a whole number: decimal, hexadecimal after `0x`, each with an optional `-` before it
/// (the two's complement is returned then).
/// @errors   INVALID_ARGUMENT: no number. OUT_OF_RANGE: more than 64 bits, or below -2^63.
static inline u64_result_t number_text_parse(text_t text) {
  const bool negative = text_starts_with(text, TEXT("-"));
  if (negative) text = text_slice(text, 1, text.length - 1);
  const bool hexadecimal = text_starts_with(text, TEXT("0x"));
  if (hexadecimal) text = text_slice(text, 2, text.length - 2);
  u64_result_t result = number_text_digits(text, hexadecimal ? 16 : 10);
  if (!status_is_ok(result.status) || !negative) return result;
  if (result.value > UINT64_C(1) << 63) result.status = ERR(OUT_OF_RANGE);
  result.value = 0 - result.value;
  return result;
}
