// SPDX-License-Identifier: MIT
/// @file
/// Ticket locks: fair, since whoever drew first is served first. What a waiter does meanwhile, and
/// whether interrupts are off, is up to the caller (core/lock.h, task/monitor.c).
/// @source Reed and Kanodia, "Synchronization with eventcounts and sequencers", 1979.
#pragma once
#include "nano_core/api/types.h"

/// All zero is free.
typedef struct ticket_lock {
  uint32_t next;     // the ticket that the next one to come draws
  uint32_t serving;  // the ticket that is inside
} ticket_lock_t;

static inline uint32_t ticket_draw(uint32_t *next) {
  return __atomic_fetch_add(next, 1, __ATOMIC_RELAXED);
}

/// Whether the ticket's turn has come; what others stored before they left is visible then.
static inline bool ticket_is_served(const uint32_t *serving, uint32_t ticket) {
  return __atomic_load_n(serving, __ATOMIC_ACQUIRE) == ticket;
}

/// Only who is inside writes `serving`, so the addition itself need not be atomic.
static inline void ticket_leave(uint32_t *serving) {
  __atomic_store_n(serving, *serving + 1, __ATOMIC_RELEASE);
}
