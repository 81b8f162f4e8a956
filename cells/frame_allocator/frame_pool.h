// SPDX-License-Identifier: MIT
/// @file
/// The map of frames and the accounts of their owners: what stands behind the pool's monitor.
/// Private to the frame allocator.
///
/// Memory is looked at in groups of 64 frames. A group belongs to nobody, to one account, or, when
/// no group is empty any more, to several. A group of one account can be lent to the cache of a
/// processor (frame_cache.h): its frames then are clear in `free_frames`, and neither `free` nor
/// the account's `frames` counts them.
#pragma once
#include "nano_core/api/cell.h"
#include "nano_core/api/memory.h"
#include "patterns/bitmap.h"

enum {
  kFrames = 4 << 20,  // 16 GiB
  kGroupFrames = kBitmapWordBits,
  kGroups = kFrames / kGroupFrames,
  kRegions = 32,
  kAccounts = 238,
  kAccountPlaces = 256,
  kOwnGroups = 64,  // looked at in one search
  kCaches = kProcessors,
  kCacheSets = 16,
  kCacheWays = 2,
  kCacheLineBytes = 64,
};

// In place of a frame number: there is none.
static const uint64_t kNowhere = UINT64_MAX;

// Whose frames a group may hold: nobody's, those of one account (its place + 1), those that the
// slot of a cache says (kGroupLent + the number of the cache), or anybody's.
enum { kGroupNobody = 0, kGroupLent = kAccounts + 1, kGroupShared = kGroupLent + kCaches };

static_assert(kGroupShared == UINT8_MAX, "the owner of a group fits in a byte");

BITMAP_DEFINE(frame_map, kFrames);
BITMAP_DEFINE(group_map, kGroups);

// What an owner holds. Without frames and lent groups the place is free.
typedef struct frame_account {
  owner_t owner;
  uint32_t hint;    // the group where it took or returned frames last
  uint64_t frames;  // in groups that are not lent
  uint64_t lent;    // groups
  uint64_t cursor;  // the group where the search for a group of its own goes on
} frame_account_t;

// A group of one account that is lent to a cache. Frames that are neither free nor used were never
// donated. All zero is an empty slot.
typedef struct frame_slot {
  uint64_t free;  // a bit for each frame
  uint64_t used;
  owner_t owner;
  uint32_t account;  // the place of the owner's account
  uint64_t group;
} frame_slot_t;

// The groups of an owner are in the set of its number. Which group a slot holds changes only inside
// the pool's monitor and this one; its frames change inside this one.
typedef struct frame_cache {
  alignas(kCacheLineBytes) monitor_t monitor;
  frame_slot_t sets[kCacheSets][kCacheWays];  // the newer group of a set first
} frame_cache_t;

typedef struct frame_pool {
  monitor_t monitor;
  uint64_t total;        // frames donated
  uint64_t free;         // of them, those that nobody holds, in groups that are not lent
  uint64_t groups;       // that hold donated frames lie below
  uint64_t cursor;       // where the search for empty groups goes on
  uint64_t next_recall;  // the cache that has to give its groups back next
  uint64_t region_count;
  frame_range_t regions[kRegions];
  frame_account_t accounts[kAccounts];
  uint8_t account_places[kAccountPlaces];  // by owner number: where its account was last
  uint8_t group_owner[kGroups];
  uint64_t lent[kCaches];    // groups, by cache
  group_map_t empty_groups;  // all of their 64 frames are free
  frame_map_t free_frames;   // frames that were never donated are never free
  frame_cache_t caches[kCaches];
} frame_pool_t;

STATE(frame_pool_t, frame_allocator_pool);

static inline bitmap_t frames(void) {
  return frame_map_map(&state_frame_allocator_pool->free_frames);
}

static inline bitmap_t groups(void) {
  return group_map_map(&state_frame_allocator_pool->empty_groups);
}

static inline uint64_t group_of(uint64_t frame) { return frame / kGroupFrames; }

static inline uint64_t count_bits(uint64_t word) { return (uint64_t)__builtin_popcountll(word); }

// The frames of a group that were donated, as bits.
__attribute__((noinline)) static uint64_t group_mask(uint64_t group)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  const uint64_t start = group * kGroupFrames;
  uint64_t mask = 0;
  for (uint64_t i = 0; i < pool->region_count; i++) {
    const uint64_t first = pool->regions[i].start.bytes / kFrameBytes;
    const uint64_t end = first + pool->regions[i].count;
    const uint64_t low = first > start ? first : start;
    const uint64_t high = end < start + kGroupFrames ? end : start + kGroupFrames;
    if (low < high) mask |= bitmap_mask(low - start, high - low);
  }
  return mask;
}

// Takes note of frames of a group that were set free.
static inline void settle_group(uint64_t group) REQUIRES(state_frame_allocator_pool->monitor) {
  const uint64_t free = bitmap_word(frames(), group);
  if (free != group_mask(group)) return;
  state_set(&state_frame_allocator_pool->group_owner[group], kGroupNobody);
  if (free == UINT64_MAX) bitmap_set_range(groups(), group, 1);
}

// Takes note of frames of a group that the account takes.
static inline void claim_group(uint64_t group, uint64_t account)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const uint8_t *owner = &state_frame_allocator_pool->group_owner[group];
  const uint8_t mine = (uint8_t)(account + 1);
  bitmap_clear_range(groups(), group, 1);
  if (*owner != mine) state_set(owner, *owner == kGroupNobody ? mine : (uint8_t)kGroupShared);
}

// Whether the group can hold frames of this account only.
static inline bool is_private(uint64_t group, uint64_t account)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const uint8_t owner = state_frame_allocator_pool->group_owner[group];
  return owner == account + 1 || owner == kGroupNobody;
}

static inline bool is_open(const frame_account_t *account) {
  return account->frames != 0 || account->lent != 0;
}

// The account of an owner, or a free one; kAccounts when there is neither.
__attribute__((noinline)) static uint64_t find_account(owner_t owner)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  // A place that the owner has had, and nobody since, is as good as a free one.
  const uint64_t last = pool->account_places[owner.number % kAccountPlaces];
  if (pool->accounts[last].owner.number == owner.number) return last;
  uint64_t unused = kAccounts;
  for (uint64_t i = 0; i < kAccounts; i++) {
    const frame_account_t *account = &pool->accounts[i];
    if (is_open(account) && account->owner.number == owner.number) return i;
    if (!is_open(account) && unused == kAccounts) unused = i;
  }
  return unused;
}

static inline void open_account(uint64_t index, owner_t owner)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  state_set(&pool->accounts[index].owner, owner);
  state_set(&pool->account_places[owner.number % kAccountPlaces], (uint8_t)index);
}

// A run in a group that holds frames of this account only.
static inline uint64_t find_in_group(uint64_t account, uint64_t group, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  if (state_frame_allocator_pool->group_owner[group] != account + 1) return kNowhere;
  if (bitmap_word(frames(), group) == 0) return kNowhere;
  const uint64_t end = (group + 1) * kGroupFrames;
  const uint64_t first = bitmap_find_run(frames(), group * kGroupFrames, end, count);
  return first == end ? kNowhere : first;
}

// A run in one of the account's groups: the one that it used last, or the next that comes. Not all
// are looked at, so that it takes no longer the more memory there is.
static inline uint64_t find_in_own_groups(uint64_t index, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  const frame_account_t *account = &pool->accounts[index];
  uint64_t first = find_in_group(index, account->hint, count);
  if (first != kNowhere || account->frames == 0) return first;
  uint64_t group = account->cursor;
  for (uint64_t i = 0; i < kOwnGroups && first == kNowhere; i++) {
    first = find_in_group(index, group, count);
    group = group + 1 < pool->groups ? group + 1 : 0;
  }
  state_set(&account->cursor, group);
  return first;
}

// A run at the start of empty groups, from the cursor on and then from the beginning.
static inline uint64_t find_in_empty_groups(uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  const uint64_t needed = (count - 1) / kGroupFrames + 1;
  uint64_t group = bitmap_find_run(groups(), pool->cursor, pool->groups, needed);
  if (group >= pool->groups) group = bitmap_find_run(groups(), 0, pool->groups, needed);
  if (group >= pool->groups) return kNowhere;
  state_set(&pool->cursor, group + needed);
  return group * kGroupFrames;
}

// A run that shares no group with another owner's frames.
__attribute__((noinline)) static uint64_t find_apart(uint64_t account, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const uint64_t first = find_in_own_groups(account, count);
  return first != kNowhere ? first : find_in_empty_groups(count);
}

// A run anywhere, next to other owners' frames too.
static inline uint64_t find_anywhere(uint64_t count) REQUIRES(state_frame_allocator_pool->monitor) {
  const uint64_t end = state_frame_allocator_pool->groups * kGroupFrames;
  const uint64_t first = bitmap_find_run(frames(), 0, end, count);
  return first == end ? kNowhere : first;
}

static inline void take_run(uint64_t index, uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  const frame_account_t *account = &pool->accounts[index];
  bitmap_clear_range(frames(), first, count);
  for (uint64_t group = group_of(first); group <= group_of(first + count - 1); group++) {
    claim_group(group, index);
  }
  state_set(&account->hint, (uint32_t)group_of(first + count - 1));
  state_set(&account->frames, account->frames + count);
  state_set(&pool->free, pool->free - count);
}

static inline void return_run(uint64_t index, uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  const frame_account_t *account = &pool->accounts[index];
  bitmap_set_range(frames(), first, count);
  for (uint64_t group = group_of(first); group <= group_of(first + count - 1); group++) {
    settle_group(group);
  }
  state_set(&account->hint, (uint32_t)group_of(first));
  state_set(&account->frames, account->frames - count);
  state_set(&pool->free, pool->free + count);
}

// Whether all frames of the run were donated.
static inline bool is_donated(uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  for (uint64_t i = 0; i < pool->region_count; i++) {
    const uint64_t start = pool->regions[i].start.bytes / kFrameBytes;
    if (first >= start && range_fits(first - start, count, pool->regions[i].count)) return true;
  }
  return false;
}

// Whether the account may return the run, all of which is taken, and none of it lent.
static inline bool is_held(uint64_t account, uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  if (account == kAccounts) return false;
  if (state_frame_allocator_pool->accounts[account].frames < count) return false;
  for (uint64_t group = group_of(first); group <= group_of(first + count - 1); group++) {
    const uint8_t owner = state_frame_allocator_pool->group_owner[group];
    if (owner != account + 1 && owner != kGroupShared) return false;
  }
  return true;
}

// Takes note of a region, which lies behind all that came before, or apart from it.
static inline void add_region(uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  const frame_range_t region = {{first * kFrameBytes}, count};
  state_set(&pool->regions[pool->region_count], region);
  state_set(&pool->region_count, pool->region_count + 1);
  const uint64_t last = group_of(first + count - 1);
  if (last >= pool->groups) state_set(&pool->groups, last + 1);
}

// Makes frames of the last region ready to be handed out.
static inline void add_frames(uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  const uint64_t last = group_of(first + count - 1);
  bitmap_set_range(frames(), first, count);
  for (uint64_t group = group_of(first); group <= last; group++) {
    if (bitmap_word(frames(), group) == UINT64_MAX) bitmap_set_range(groups(), group, 1);
  }
  state_set(&pool->total, pool->total + count);
  state_set(&pool->free, pool->free + count);
}
