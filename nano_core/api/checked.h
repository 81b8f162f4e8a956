// SPDX-License-Identifier: MIT
/// @file
/// Arithmetic that says when it does not fit. The plain operators trap on signed overflow only;
/// lengths and addresses that come from outside go through these.
#pragma once
#include "nano_core/api/status.h"
#include "nano_core/api/types.h"

/// @errors OUT_OF_RANGE: the sum does not fit in 64 bits.
static inline u64_result_t checked_add(uint64_t a, uint64_t b) {
  u64_result_t result = {};
  if (__builtin_add_overflow(a, b, &result.value)) result.status = ERR(OUT_OF_RANGE);
  return result;
}

/// @errors OUT_OF_RANGE: `b` is more than `a`.
static inline u64_result_t checked_subtract(uint64_t a, uint64_t b) {
  u64_result_t result = {};
  if (__builtin_sub_overflow(a, b, &result.value)) result.status = ERR(OUT_OF_RANGE);
  return result;
}

/// @errors OUT_OF_RANGE: the product does not fit in 64 bits.
static inline u64_result_t checked_multiply(uint64_t a, uint64_t b) {
  u64_result_t result = {};
  if (__builtin_mul_overflow(a, b, &result.value)) result.status = ERR(OUT_OF_RANGE);
  return result;
}

/// Whether [offset, offset + length) lies within [0, size), whatever the numbers.
static inline bool range_fits(uint64_t offset, uint64_t length, uint64_t size) {
  return offset <= size && length <= size - offset;
}
