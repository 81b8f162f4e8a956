// SPDX-License-Identifier: MIT
/// @file
/// Counted ranges of memory. A cell never indexes a raw pointer: it indexes a fixed array, whose
/// bounds the compiler checks, or a span, whose bounds are checked here; a breach is a trap.
#pragma once
#include "nano_core/api/types.h"

static inline size_t span_check(size_t index, size_t length) {
  if (index >= length) TRAP();
  return index;
}

/// Declares a span type `prefix_t` over `element` with
///   prefix_at(span, index)               the address of one element; traps outside
///   prefix_slice(span, offset, length)   a part of it; traps unless it lies inside
#define SPAN_DEFINE(prefix, element)                                                       \
  typedef struct prefix {                                                                  \
    element *data;                                                                         \
    size_t length;                                                                         \
  } prefix##_t;                                                                            \
  static inline element *prefix##_at(prefix##_t span, size_t index) {                      \
    return &span.data[span_check(index, span.length)];                                     \
  }                                                                                        \
  static inline prefix##_t prefix##_slice(prefix##_t span, size_t offset, size_t length) { \
    if (offset > span.length || length > span.length - offset) TRAP();                     \
    const prefix##_t slice = {length == 0 ? span.data : &span.data[offset], length};       \
    return slice;                                                                          \
  }                                                                                        \
  static_assert(sizeof(prefix##_t) == 16, "a span is passed in two registers")

SPAN_DEFINE(byte_span, uint8_t);    // bytes that may be written
SPAN_DEFINE(bytes, const uint8_t);  // bytes that are only read
SPAN_DEFINE(text, const char);      // characters, not terminated
SPAN_DEFINE(text_buffer, char);     // room for characters
SPAN_DEFINE(u64_span, uint64_t);
SPAN_DEFINE(u32_span, uint32_t);

/// The span over a fixed array: SPAN_OF(text_buffer, line).
#ifdef __cplusplus
#define SPAN_OF(prefix, array) (prefix##_t{(array), COUNT_OF(array)})
#define TEXT(literal) (text_t{("" literal), sizeof(literal) - 1})
#else
#define SPAN_OF(prefix, array) ((prefix##_t){(array), COUNT_OF(array)})
/// The text of a string literal.
#define TEXT(literal) ((text_t){("" literal), sizeof(literal) - 1})
#endif

/// Whether two texts have the same characters.
static inline bool text_equal(text_t a, text_t b) {
  if (a.length != b.length) return false;
  for (size_t i = 0; i < a.length; i++) {
    if (a.data[i] != b.data[i]) return false;
  }
  return true;
}

/// Whether `text` begins with `prefix`.
static inline bool text_starts_with(text_t text, text_t prefix) {
  return text.length >= prefix.length && text_equal(text_slice(text, 0, prefix.length), prefix);
}

/// Copies as much of `text` as fits into `buffer`.
/// @returns how many characters were copied
static inline size_t text_copy(text_buffer_t buffer, text_t text) {
  const size_t length = text.length < buffer.length ? text.length : buffer.length;
  for (size_t i = 0; i < length; i++) buffer.data[i] = text.data[i];
  return length;
}
