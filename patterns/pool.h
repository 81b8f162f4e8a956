// SPDX-License-Identifier: MIT
/// @file
/// A pool of a fixed number of elements of one type, typed by POOL_DEFINE. An element is named by a
/// handle of index and generation: a handle that is older than the element's present use finds
/// nothing. A place holds elements of this type only, for ever. All zero is a pool with every place
/// free.
/// @context  as of the blob's monitor: every function is called inside it; O(1)
/// @spill    none: a pattern has no data of its own.
#pragma once
#include "nano_core/api/state.h"
#include "nano_core/api/status.h"
#include "nano_core/api/types.h"

/// What the pool knows of a place.
typedef struct pool_place {
  uint32_t generation;  // odd while the place is taken
  uint32_t next_free;   // index + 1
} pool_place_t;

/// Declares the pool type `prefix_t` of `capacity` elements of type `element`. `handle_type` is a
/// struct whose members `index` and `generation` are of type uint32_t; generation 0 names nothing.
/// A place whose generations are used up (after 2^31 uses) is not used again. With
///   prefix_take(pool, &handle)       takes a place, all zero. NO_MEMORY: none is free
///   prefix_give(pool, handle)        frees a place. STALE: the handle names nothing
///   prefix_get(pool, handle)         the element, or a null pointer where the handle is stale
///   prefix_taken(pool, index, &handle)  whether that place is taken, and by what handle
#define POOL_DEFINE(prefix, handle_type, element, capacity)                                  \
  typedef struct prefix {                                                                    \
    uint32_t fresh;     /* places from here on were never taken */                           \
    uint32_t free_head; /* index + 1 of the first place that was given back */               \
    pool_place_t places[capacity];                                                           \
    element items[capacity];                                                                 \
  } prefix##_t;                                                                              \
  [[maybe_unused]] static inline status_t prefix##_take(const prefix##_t *pool,              \
                                                        handle_type *handle) {               \
    uint32_t index = pool->fresh;                                                            \
    if (pool->free_head != 0) {                                                              \
      index = pool->free_head - 1;                                                           \
      state_set(&pool->free_head, pool->places[index].next_free);                            \
    } else if (index < (capacity)) {                                                         \
      state_set(&pool->fresh, index + 1);                                                    \
    } else {                                                                                 \
      return ERR(NO_MEMORY);                                                                 \
    }                                                                                        \
    state_set(&pool->places[index].generation, pool->places[index].generation + 1);          \
    state_clear(&pool->items[index], sizeof(pool->items[index]));                            \
    handle->index = index;                                                                   \
    handle->generation = pool->places[index].generation;                                     \
    return OK;                                                                               \
  }                                                                                          \
  [[maybe_unused]] static inline const element *prefix##_get(const prefix##_t *pool,         \
                                                             handle_type handle) {           \
    if (handle.index >= (capacity) || handle.generation % 2 == 0) return NULL;               \
    if (pool->places[handle.index].generation != handle.generation) return NULL;             \
    return &pool->items[handle.index];                                                       \
  }                                                                                          \
  [[maybe_unused]] static inline status_t prefix##_give(const prefix##_t *pool,              \
                                                        handle_type handle) {                \
    if (prefix##_get(pool, handle) == NULL) return ERR(STALE);                               \
    const pool_place_t *place = &pool->places[handle.index];                                 \
    state_set(&place->generation, place->generation + 1);                                    \
    if (place->generation == 0) return OK;                                                   \
    state_set(&place->next_free, pool->free_head);                                           \
    state_set(&pool->free_head, handle.index + 1);                                           \
    return OK;                                                                               \
  }                                                                                          \
  [[maybe_unused]] static inline bool prefix##_taken(const prefix##_t *pool, uint64_t index, \
                                                     handle_type *handle) {                  \
    if (index >= (capacity) || pool->places[index].generation % 2 == 0) return false;        \
    handle->index = (uint32_t)index;                                                         \
    handle->generation = pool->places[index].generation;                                     \
    return true;                                                                             \
  }                                                                                          \
  static_assert((capacity) > 0 && (uint64_t)(capacity) < UINT32_MAX, "indices have 32 bits")
