// SPDX-License-Identifier: MIT
/// @file
/// Doubly linked lists over the places of a fixed array: links are indices, so a list can be
/// copied, kept in a blob, and migrated. The links stand in an array of their own; any number of
/// heads can share it, and each place is in at most one list. All zero is: no place is in a list.
/// @context  as of the blob's monitor: every function is called inside it; O(1)
/// @spill    none: a pattern has no data of its own.
#pragma once
#include "nano_core/api/span.h"
#include "nano_core/api/state.h"
#include "nano_core/api/types.h"

/// In place of an index: there is none.
static const uint32_t kListNone = UINT32_MAX;

/// The links of one place, each an index + 1; kListNone where the list ends. 0 in both: the place
/// is in no list.
typedef struct list_link {
  uint32_t next;
  uint32_t previous;
} list_link_t;

/// A list: the indices + 1 of its ends, 0 where it is empty.
typedef struct list_head {
  uint32_t first;
  uint32_t last;
  uint32_t count;
} list_head_t;

SPAN_DEFINE(list_links, const list_link_t);

/// Over the array `links` of list_link_t.
#define LIST_LINKS(links) SPAN_OF(list_links, links)

// A link, or an end of a head, as an index.
static inline uint32_t list_index(uint32_t link) {
  return link == 0 || link == kListNone ? kListNone : link - 1;
}

/// The index of the first place, or kListNone.
static inline uint32_t list_first(const list_head_t *head) { return list_index(head->first); }

/// The index of the last place, or kListNone.
static inline uint32_t list_last(const list_head_t *head) { return list_index(head->last); }

/// The index of the place after `index`, or kListNone.
static inline uint32_t list_next(list_links_t links, uint32_t index) {
  return list_index(list_links_at(links, index)->next);
}

/// Whether the place is in a list.
static inline bool list_contains(list_links_t links, uint32_t index) {
  return list_links_at(links, index)->next != 0;
}

/// Adds a place behind the place `after`, which is in this list, or at the front where `after` is
/// kListNone. Traps where it is in a list already.
static inline void list_insert(list_links_t links, const list_head_t *head, uint32_t after,
                               uint32_t index) {
  const list_link_t *place = list_links_at(links, index);
  if (list_contains(links, index)) TRAP();
  if (after != kListNone && !list_contains(links, after)) TRAP();
  const uint32_t next = after == kListNone ? list_first(head) : list_next(links, after);
  state_set(&place->previous, after == kListNone ? kListNone : after + 1);
  state_set(&place->next, next == kListNone ? kListNone : next + 1);
  if (after == kListNone) {
    state_set(&head->first, index + 1);
  } else {
    state_set(&list_links_at(links, after)->next, index + 1);
  }
  if (next == kListNone) {
    state_set(&head->last, index + 1);
  } else {
    state_set(&list_links_at(links, next)->previous, index + 1);
  }
  state_set(&head->count, head->count + 1);
}

/// Adds a place at the front, or at the end. Traps where it is in a list already.
static inline void list_push_front(list_links_t links, const list_head_t *head, uint32_t index) {
  list_insert(links, head, kListNone, index);
}

static inline void list_push_back(list_links_t links, const list_head_t *head, uint32_t index) {
  list_insert(links, head, list_last(head), index);
}

/// Takes a place, which is in this list, out of it. Traps where it is in none.
static inline void list_remove(list_links_t links, const list_head_t *head, uint32_t index) {
  const list_link_t *place = list_links_at(links, index);
  if (!list_contains(links, index) || head->count == 0) TRAP();
  const uint32_t next = list_index(place->next);
  const uint32_t previous = list_index(place->previous);
  if (previous == kListNone) {
    state_set(&head->first, next == kListNone ? 0 : next + 1);
  } else {
    state_set(&list_links_at(links, previous)->next, place->next);
  }
  if (next == kListNone) {
    state_set(&head->last, previous == kListNone ? 0 : previous + 1);
  } else {
    state_set(&list_links_at(links, next)->previous, place->previous);
  }
  state_clear(place, sizeof(*place));
  state_set(&head->count, head->count - 1);
}
