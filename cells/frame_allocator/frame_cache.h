// SPDX-License-Identifier: MIT
/// @file
/// A cache for each processor: groups of 64 frames, each lent by the pool for one owner, out of
/// which single frames are taken and into which they are returned. Private to the frame allocator.
///
/// Order of monitors: the pool's, then that of one cache. Whoever is inside the pool's monitor can
/// so enter all caches in turn while no group moves: sums are exact, and when every cache has given
/// its groups back, what is not found then is not there. The usual case enters one cache only.
///
/// Which processor a cache is for is a hint. Nothing here depends on the caller still being there.
#pragma once
#include "cells/frame_allocator/frame_pool.h"

static inline const frame_cache_t *cache_at(uint64_t number) {
  return &state_frame_allocator_pool->caches[number];
}

static inline uint64_t set_of(owner_t owner) { return owner.number % kCacheSets; }

// Moves the lowest free frame of a slot to its owner.
static inline uint64_t take_lowest(const frame_slot_t *slot) {
  const uint64_t bit = slot->free & (~slot->free + 1);
  state_set(&slot->free, slot->free ^ bit);
  state_set(&slot->used, slot->used | bit);
  return slot->group * kGroupFrames + (uint64_t)__builtin_ctzll(bit);
}

// Takes a frame out of a cache, or says kNowhere.
static inline uint64_t take_from_cache(const frame_cache_t *cache, owner_t owner) {
  uint64_t frame = kNowhere;
  monitor_enter(&cache->monitor);
  for (uint64_t way = 0; way < kCacheWays && frame == kNowhere; way++) {
    const frame_slot_t *slot = &cache->sets[set_of(owner)][way];
    if (slot->free != 0 && slot->owner.number == owner.number) frame = take_lowest(slot);
  }
  monitor_exit(&cache->monitor);
  return frame;
}

// Returns a frame of the owner's to a cache that has its group; false: it has not, or the frame is
// not the owner's to return, and nothing is changed.
static inline bool return_to_cache(const frame_cache_t *cache, owner_t owner, uint64_t frame) {
  const uint64_t group = group_of(frame);
  const uint64_t bit = UINT64_C(1) << (frame % kGroupFrames);
  bool returned = false;
  monitor_enter(&cache->monitor);
  for (uint64_t way = 0; way < kCacheWays && !returned; way++) {
    const frame_slot_t *slot = &cache->sets[set_of(owner)][way];
    if (slot->group != group || slot->owner.number != owner.number) continue;
    if ((slot->used & bit) == 0) continue;
    state_set(&slot->used, slot->used ^ bit);
    state_set(&slot->free, slot->free | bit);
    returned = true;
  }
  monitor_exit(&cache->monitor);
  return returned;
}

// Gives the group of a slot back to the pool.
__attribute__((noinline)) static void give_back(uint64_t number, const frame_slot_t *slot)
    REQUIRES(state_frame_allocator_pool->monitor) {
  if ((slot->free | slot->used) == 0) return;
  const frame_pool_t *pool = state_frame_allocator_pool;
  const frame_account_t *account = &pool->accounts[slot->account];
  const uint64_t group = slot->group;
  bitmap_store(frames(), group, slot->free);
  state_set(&pool->group_owner[group], (uint8_t)(slot->account + 1));
  state_set(&pool->free, pool->free + count_bits(slot->free));
  state_set(&account->frames, account->frames + count_bits(slot->used));
  state_set(&account->lent, account->lent - 1);
  if (slot->free != 0) state_set(&account->hint, (uint32_t)group);
  state_set(&pool->lent[number], pool->lent[number] - 1);
  state_clear(slot, sizeof(*slot));
  settle_group(group);
}

// Lends a group of an open account, in which the frames `taken` are taken on the way, to a cache,
// whose oldest group of the same set goes back.
__attribute__((noinline)) static void lend_group(uint64_t number, uint64_t index, uint64_t group,
                                                 uint64_t taken)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  const frame_account_t *account = &pool->accounts[index];
  const frame_cache_t *cache = cache_at(number);
  const uint64_t free = bitmap_word(frames(), group);
  const uint64_t used = free == UINT64_MAX ? 0 : group_mask(group) & ~free;
  const frame_slot_t slot = {free ^ taken, used | taken, account->owner, (uint32_t)index, group};
  bitmap_store(frames(), group, 0);
  bitmap_clear_range(groups(), group, 1);
  state_set(&pool->group_owner[group], (uint8_t)(kGroupLent + number));
  state_set(&pool->free, pool->free - count_bits(free));
  state_set(&account->frames, account->frames - count_bits(used));
  state_set(&account->lent, account->lent + 1);
  state_set(&pool->lent[number], pool->lent[number] + 1);
  const uint64_t set = set_of(account->owner);
  monitor_enter(&cache->monitor);
  give_back(number, &cache->sets[set][1]);
  state_set(&cache->sets[set][1], cache->sets[set][0]);
  state_set(&cache->sets[set][0], slot);
  monitor_exit(&cache->monitor);
}

// Has a cache give back all groups, or only the group `only`.
__attribute__((noinline)) static void recall(uint64_t number, uint64_t only)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_cache_t *cache = cache_at(number);
  monitor_enter(&cache->monitor);
  for (uint64_t set = 0; set < kCacheSets; set++) {
    for (uint64_t way = 0; way < kCacheWays; way++) {
      const frame_slot_t *slot = &cache->sets[set][way];
      if (only == kNowhere || slot->group == only) give_back(number, slot);
    }
  }
  monitor_exit(&cache->monitor);
}

// Has every cache give back what it has; false: there was nothing.
__attribute__((noinline)) static bool recall_all(void)
    REQUIRES(state_frame_allocator_pool->monitor) {
  bool recalled = false;
  for (uint64_t number = 0; number < kCaches; number++) {
    if (state_frame_allocator_pool->lent[number] == 0) continue;
    recall(number, kNowhere);
    recalled = true;
  }
  return recalled;
}

// Has the groups of a run given back by the caches that have them.
static inline void recall_run(uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  for (uint64_t group = group_of(first); group <= group_of(first + count - 1); group++) {
    const uint64_t owner = state_frame_allocator_pool->group_owner[group];
    if (owner >= kGroupLent && owner < kGroupShared) recall(owner - kGroupLent, group);
  }
}

// Whether one more group may be lent: at most a quarter of the memory lies in caches, so that
// longer runs remain. Where it would be more, caches give theirs back in turn. A machine so small
// that a quarter of it is no group has no caches.
static inline bool make_room(void) REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  const uint64_t most = pool->total / kGroupFrames / 4;
  if (most == 0) return false;
  uint64_t lent = 0;
  for (uint64_t number = 0; number < kCaches; number++) lent += pool->lent[number];
  while (lent >= most) {
    const uint64_t number = pool->next_recall;
    lent -= pool->lent[number];
    if (pool->lent[number] != 0) recall(number, kNowhere);
    state_set(&pool->next_recall, (number + 1) % kCaches);
  }
  return true;
}

// How many frames of caches are free, and how many are held by the account `index`.
__attribute__((noinline)) static uint64_t count_cached_free(void)
    REQUIRES(state_frame_allocator_pool->monitor) {
  uint64_t count = 0;
  for (uint64_t number = 0; number < kCaches; number++) {
    if (state_frame_allocator_pool->lent[number] == 0) continue;
    const frame_cache_t *cache = cache_at(number);
    monitor_enter(&cache->monitor);
    for (uint64_t set = 0; set < kCacheSets; set++) {
      for (uint64_t way = 0; way < kCacheWays; way++) {
        count += count_bits(cache->sets[set][way].free);
      }
    }
    monitor_exit(&cache->monitor);
  }
  return count;
}

static inline uint64_t count_cached_used(uint64_t index)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const uint64_t set = set_of(state_frame_allocator_pool->accounts[index].owner);
  uint64_t count = 0;
  for (uint64_t number = 0; number < kCaches; number++) {
    if (state_frame_allocator_pool->lent[number] == 0) continue;
    const frame_cache_t *cache = cache_at(number);
    monitor_enter(&cache->monitor);
    for (uint64_t way = 0; way < kCacheWays; way++) {
      const frame_slot_t *slot = &cache->sets[set][way];
      if (slot->account == index) count += count_bits(slot->used);
    }
    monitor_exit(&cache->monitor);
  }
  return count;
}
