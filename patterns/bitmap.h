// SPDX-License-Identifier: MIT
/// @file
/// A map of which of many things are there, typed in size by BITMAP_DEFINE: a bit for each thing,
/// and a summary bit for each word of 64 that is not empty, so that a search skips 4096 absent
/// things at a time. All zero is: nothing is there.
/// @context  as of the blob's monitor: every function is called inside it
/// @spill    none: a pattern has no data of its own.
#pragma once
#include "nano_core/api/span.h"
#include "nano_core/api/state.h"
#include "nano_core/api/types.h"

enum { kBitmapWordBits = 64 };

SPAN_DEFINE(bitmap_words, const uint64_t);

/// A bitmap of any size, as the functions below take it.
typedef struct bitmap {
  bitmap_words_t words;
  bitmap_words_t summary;
} bitmap_t;

/// Declares the bitmap type `prefix_t` of `bits` bits, a multiple of 64, and
///   prefix_map(bitmap)   the same as a bitmap_t
#define BITMAP_DEFINE(prefix, bits)                                                       \
  typedef struct prefix {                                                                 \
    uint64_t words[(bits) / kBitmapWordBits];                                             \
    uint64_t summary[((bits) / kBitmapWordBits + kBitmapWordBits - 1) / kBitmapWordBits]; \
  } prefix##_t;                                                                           \
  [[maybe_unused]] static inline bitmap_t prefix##_map(const prefix##_t *bitmap) {        \
    const bitmap_t map = {{bitmap->words, COUNT_OF(bitmap->words)},                       \
                          {bitmap->summary, COUNT_OF(bitmap->summary)}};                  \
    return map;                                                                           \
  }                                                                                       \
  static_assert((bits) > 0 && (bits) % kBitmapWordBits == 0, "a bitmap is made of whole words")

/// The word number `word`: bits 64 * word and on.
static inline uint64_t bitmap_word(bitmap_t map, uint64_t word) {
  return *bitmap_words_at(map.words, word);
}

/// Whether bit `bit` is set.
static inline bool bitmap_test(bitmap_t map, uint64_t bit) {
  return (bitmap_word(map, bit / kBitmapWordBits) >> (bit % kBitmapWordBits) & 1) != 0;
}

// The bits [first, first + count) of a word; first + count is at most 64, count at least 1.
static inline uint64_t bitmap_mask(uint64_t first, uint64_t count) {
  return (UINT64_MAX >> (kBitmapWordBits - count)) << first;
}

// How many bits from `bit` on are in its word, at most `count`.
static inline uint64_t bitmap_part(uint64_t bit, uint64_t count) {
  const uint64_t rest = kBitmapWordBits - bit % kBitmapWordBits;
  return rest < count ? rest : count;
}

static inline void bitmap_store(bitmap_t map, uint64_t word, uint64_t value) {
  state_set(bitmap_words_at(map.words, word), value);
  const uint64_t *summary = bitmap_words_at(map.summary, word / kBitmapWordBits);
  const uint64_t bit = UINT64_C(1) << (word % kBitmapWordBits);
  const uint64_t summed = value != 0 ? *summary | bit : *summary & ~bit;
  if (summed != *summary) state_set(summary, summed);
}

/// Sets, or clears, the bits [first, first + count). O(count / 64)
static inline void bitmap_set_range(bitmap_t map, uint64_t first, uint64_t count) {
  while (count > 0) {
    const uint64_t part = bitmap_part(first, count);
    const uint64_t word = first / kBitmapWordBits;
    bitmap_store(map, word, bitmap_word(map, word) | bitmap_mask(first % kBitmapWordBits, part));
    first += part;
    count -= part;
  }
}

static inline void bitmap_clear_range(bitmap_t map, uint64_t first, uint64_t count) {
  while (count > 0) {
    const uint64_t part = bitmap_part(first, count);
    const uint64_t word = first / kBitmapWordBits;
    bitmap_store(map, word, bitmap_word(map, word) & ~bitmap_mask(first % kBitmapWordBits, part));
    first += part;
    count -= part;
  }
}

/// Whether none of the bits [first, first + count) is set. O(count / 64)
static inline bool bitmap_is_clear(bitmap_t map, uint64_t first, uint64_t count) {
  while (count > 0) {
    const uint64_t part = bitmap_part(first, count);
    const uint64_t mask = bitmap_mask(first % kBitmapWordBits, part);
    if ((bitmap_word(map, first / kBitmapWordBits) & mask) != 0) return false;
    first += part;
    count -= part;
  }
  return true;
}

// The first word in [word, end) that is not empty, or `end`.
static inline uint64_t bitmap_find_word(bitmap_t map, uint64_t word, uint64_t end) {
  while (word < end) {
    const uint64_t summary = *bitmap_words_at(map.summary, word / kBitmapWordBits);
    const uint64_t rest = summary >> (word % kBitmapWordBits);
    if (rest != 0) {
      word += (uint64_t)__builtin_ctzll(rest);
      return word < end ? word : end;
    }
    word += kBitmapWordBits - word % kBitmapWordBits;
  }
  return end;
}

/// The first set bit in [from, end), or `end`. O((end - from) / 4096)
static inline uint64_t bitmap_find(bitmap_t map, uint64_t from, uint64_t end) {
  if (from >= end) return end;
  const uint64_t rest = bitmap_word(map, from / kBitmapWordBits) >> (from % kBitmapWordBits);
  uint64_t found = end;
  if (rest != 0) {
    found = from + (uint64_t)__builtin_ctzll(rest);
  } else {
    const uint64_t words = (end + kBitmapWordBits - 1) / kBitmapWordBits;
    const uint64_t word = bitmap_find_word(map, from / kBitmapWordBits + 1, words);
    if (word >= words) return end;
    found = word * kBitmapWordBits + (uint64_t)__builtin_ctzll(bitmap_word(map, word));
  }
  return found < end ? found : end;
}

/// The first clear bit in [from, end), or `end`. O((end - from) / 64)
static inline uint64_t bitmap_find_clear(bitmap_t map, uint64_t from, uint64_t end) {
  while (from < end) {
    const uint64_t absent = ~bitmap_word(map, from / kBitmapWordBits) >> (from % kBitmapWordBits);
    if (absent != 0) {
      from += (uint64_t)__builtin_ctzll(absent);
      return from < end ? from : end;
    }
    from += kBitmapWordBits - from % kBitmapWordBits;
  }
  return end;
}

/// The start of the first run of `count` set bits in [from, end), or `end`.
/// O((end - from) / 4096 + runs in between)
static inline uint64_t bitmap_find_run(bitmap_t map, uint64_t from, uint64_t end, uint64_t count) {
  while (from < end && count <= end - from) {
    const uint64_t start = bitmap_find(map, from, end);
    if (count > end - start) return end;
    const uint64_t stop = bitmap_find_clear(map, start, start + count);
    if (stop == start + count) return start;
    from = stop;
  }
  return end;
}
