// SPDX-License-Identifier: MIT
/// @file
/// A ring of a fixed number of elements, typed by RING_DEFINE. Elements are numbered from 0 on,
/// over the ring's whole life; those in [first, next) are there. All zero is an empty ring, so a
/// ring can be a member of a blob: functions take it as constant and store through state_set and
/// state_copy.
/// @context  as of the blob's monitor: every function is called inside it; O(1)
/// @spill    none: a pattern has no data of its own.
#pragma once
#include "nano_core/api/state.h"
#include "nano_core/api/status.h"
#include "nano_core/api/types.h"

/// Declares the ring type `prefix_t` of `capacity` elements of type `element`, with
///   prefix_count(ring)           how many elements are there
///   prefix_is_full(ring)
///   prefix_at(ring, number)      the element of that number; traps unless it is there
///   prefix_push(ring, &value)    adds a copy as the newest; NO_SPACE: full, nothing is changed
///   prefix_push_over(ring, &value)  the same, but where it is full the oldest goes; true if so
///   prefix_drop(ring)            removes the oldest; NOT_FOUND: empty
///   prefix_pop(ring, &value)     the same, and copies it to `value`
#define RING_DEFINE(prefix, element, capacity)                                                   \
  typedef struct prefix {                                                                        \
    uint64_t first;                                                                              \
    uint64_t next;                                                                               \
    element items[capacity];                                                                     \
  } prefix##_t;                                                                                  \
  [[maybe_unused]] static inline uint64_t prefix##_count(const prefix##_t *ring) {               \
    return ring->next - ring->first;                                                             \
  }                                                                                              \
  [[maybe_unused]] static inline bool prefix##_is_full(const prefix##_t *ring) {                 \
    return prefix##_count(ring) >= (capacity);                                                   \
  }                                                                                              \
  [[maybe_unused]] static inline const element *prefix##_at(const prefix##_t *ring,              \
                                                            uint64_t number) {                   \
    if (number - ring->first >= prefix##_count(ring)) TRAP();                                    \
    return &ring->items[number % (capacity)];                                                    \
  }                                                                                              \
  [[maybe_unused]] static inline status_t prefix##_drop(const prefix##_t *ring) {                \
    if (prefix##_count(ring) == 0) return ERR(NOT_FOUND);                                        \
    state_set(&ring->first, ring->first + 1);                                                    \
    return OK;                                                                                   \
  }                                                                                              \
  [[maybe_unused]] static inline status_t prefix##_push(const prefix##_t *ring,                  \
                                                        const element *value) {                  \
    if (prefix##_is_full(ring)) return ERR(NO_SPACE);                                            \
    state_copy(&ring->items[ring->next % (capacity)], value, sizeof(*value));                    \
    state_set(&ring->next, ring->next + 1);                                                      \
    return OK;                                                                                   \
  }                                                                                              \
  [[maybe_unused]] static inline bool prefix##_push_over(const prefix##_t *ring,                 \
                                                         const element *value) {                 \
    const bool full = prefix##_is_full(ring);                                                    \
    if (full) state_set(&ring->first, ring->first + 1);                                          \
    status_ignore(prefix##_push(ring, value), "room has just been made");                        \
    return full;                                                                                 \
  }                                                                                              \
  [[maybe_unused]] static inline status_t prefix##_pop(const prefix##_t *ring, element *value) { \
    if (prefix##_count(ring) == 0) return ERR(NOT_FOUND);                                        \
    *value = *prefix##_at(ring, ring->first);                                                    \
    return prefix##_drop(ring);                                                                  \
  }                                                                                              \
  static_assert((capacity) > 0, "a ring has room")
