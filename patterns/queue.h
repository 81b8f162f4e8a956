// SPDX-License-Identifier: MIT
/// @file
/// The queue between those who produce and the one who consumes, typed by QUEUE_DEFINE. Nothing is
/// ever popped: the consumer holds a token, peeks at the oldest item, acts on it, and completes it.
/// A consumer that fails or is replaced in between leaves the item to the next one; a consumer
/// whose token is stale can complete nothing. A producer learns from the item's sequence number
/// what became of it.
///
/// Today a ring inside the monitor of the blob that it is a member of: every function is called
/// inside that monitor. All zero is an empty queue without a consumer.
/// @spill    none: a pattern has no data of its own.
/// @source   PLOS'17 Theseus, DFQueue.
#pragma once
#include "nano_core/api/state.h"
#include "nano_core/api/status.h"
#include "nano_core/api/types.h"
#include "patterns/ring.h"

/// What became of an item.
enum queue_fate { kQueueWaiting = 1, kQueueCompleted };

/// Declares the queue type `prefix_t` of `capacity` items of type `element`, with
///   prefix_push(queue, &value)         copies the item in; the value is its sequence number, from
///   1
///                                      on. NO_SPACE: full; the item is counted as lost
///   prefix_fate(queue, sequence)       enum queue_fate; NOT_FOUND: no such item was ever pushed
///   prefix_acquire(queue)              the token of a new consumer; older tokens are stale now
///   prefix_is_held(queue)              whether there is a consumer
///   prefix_check(queue, token)         STALE unless the token is the consumer's
///   prefix_release(queue, token)       ends being the consumer. STALE
///   prefix_peek(queue, token, &value)  copies the oldest item; the value of the result is its
///                                      sequence number. STALE. NOT_FOUND: empty
///   prefix_complete(queue, token, sequence)  removes the oldest item. STALE: the token, or the
///   item
///                                      is not the oldest
///   prefix_waiting(queue), prefix_completed(queue), prefix_lost(queue)  counters
#define QUEUE_DEFINE(prefix, element, capacity)                                                  \
  RING_DEFINE(prefix##_ring, element, capacity);                                                 \
  typedef struct prefix {                                                                        \
    uint64_t token; /* of the newest consumer, odd while he holds it, even since his release */  \
    uint64_t lost;                                                                               \
    prefix##_ring_t ring;                                                                        \
  } prefix##_t;                                                                                  \
  [[maybe_unused]] static inline uint64_t prefix##_waiting(const prefix##_t *queue) {            \
    return prefix##_ring_count(&queue->ring);                                                    \
  }                                                                                              \
  [[maybe_unused]] static inline uint64_t prefix##_completed(const prefix##_t *queue) {          \
    return queue->ring.first;                                                                    \
  }                                                                                              \
  [[maybe_unused]] static inline uint64_t prefix##_lost(const prefix##_t *queue) {               \
    return queue->lost;                                                                          \
  }                                                                                              \
  [[maybe_unused]] static inline u64_result_t prefix##_push(const prefix##_t *queue,             \
                                                            const element *value) {              \
    u64_result_t result = {};                                                                    \
    result.status = prefix##_ring_push(&queue->ring, value);                                     \
    if (!status_is_ok(result.status)) state_set(&queue->lost, queue->lost + 1);                  \
    if (status_is_ok(result.status)) result.value = queue->ring.next;                            \
    return result;                                                                               \
  }                                                                                              \
  [[maybe_unused]] static inline u32_result_t prefix##_fate(const prefix##_t *queue,             \
                                                            uint64_t sequence) {                 \
    u32_result_t result = {};                                                                    \
    if (sequence == 0 || sequence > queue->ring.next) {                                          \
      result.status = ERR(NOT_FOUND);                                                            \
    } else {                                                                                     \
      result.value = sequence > queue->ring.first ? kQueueWaiting : kQueueCompleted;             \
    }                                                                                            \
    return result;                                                                               \
  }                                                                                              \
  [[maybe_unused]] static inline bool prefix##_is_held(const prefix##_t *queue) {                \
    return queue->token % 2 == 1;                                                                \
  }                                                                                              \
  [[maybe_unused]] static inline uint64_t prefix##_acquire(const prefix##_t *queue) {            \
    state_set(&queue->token, queue->token + (prefix##_is_held(queue) ? 2 : 1));                  \
    return queue->token;                                                                         \
  }                                                                                              \
  [[maybe_unused]] static inline status_t prefix##_check(const prefix##_t *queue,                \
                                                         uint64_t token) {                       \
    return prefix##_is_held(queue) && token == queue->token ? OK : ERR(STALE);                   \
  }                                                                                              \
  [[maybe_unused]] static inline status_t prefix##_release(const prefix##_t *queue,              \
                                                           uint64_t token) {                     \
    TRY(prefix##_check(queue, token));                                                           \
    state_set(&queue->token, queue->token + 1);                                                  \
    return OK;                                                                                   \
  }                                                                                              \
  [[maybe_unused]] static inline u64_result_t prefix##_peek(const prefix##_t *queue,             \
                                                            uint64_t token, element *value) {    \
    u64_result_t result = {};                                                                    \
    result.status = prefix##_check(queue, token);                                                \
    if (!status_is_ok(result.status)) return result;                                             \
    if (prefix##_waiting(queue) == 0) {                                                          \
      result.status = ERR(NOT_FOUND);                                                            \
      return result;                                                                             \
    }                                                                                            \
    *value = *prefix##_ring_at(&queue->ring, queue->ring.first);                                 \
    result.value = queue->ring.first + 1;                                                        \
    return result;                                                                               \
  }                                                                                              \
  [[maybe_unused]] static inline status_t prefix##_complete(const prefix##_t *queue,             \
                                                            uint64_t token, uint64_t sequence) { \
    TRY(prefix##_check(queue, token));                                                           \
    if (sequence != queue->ring.first + 1) return ERR(STALE);                                    \
    return prefix##_ring_drop(&queue->ring);                                                     \
  }                                                                                              \
  static_assert((capacity) > 0, "a queue has room")
