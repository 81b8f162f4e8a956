// SPDX-License-Identifier: MIT
#include "cells/frame_allocator/frame_allocator.h"

#include "patterns/bitmap.h"

enum {
  kFrames = 4 << 20,  // 16 GiB
  kGroupFrames = kBitmapWordBits,
  kGroups = kFrames / kGroupFrames,
  kRegions = 32,
  kAccounts = 254,
};

// In place of a frame number: there is none.
static const uint64_t kNowhere = UINT64_MAX;

// Whose frames a group of 64 may hold: nobody's, those of one account (its index + 1), or
// anybody's. A group is shared only when no empty group is left, so in all but the last corner of
// memory the owner of each single frame is known.
enum { kGroupNobody = 0, kGroupShared = 255 };

BITMAP_DEFINE(frame_map, kFrames);
BITMAP_DEFINE(group_map, kGroups);

// What an owner holds; without frames the place is free.
typedef struct frame_account {
  owner_t owner;
  uint32_t hint;  // the group where it took or returned frames last
  uint64_t frames;
} frame_account_t;

typedef struct frame_pool {
  monitor_t monitor;
  uint64_t total;   // frames donated
  uint64_t free;    // of them, those that nobody holds
  uint64_t groups;  // that hold donated frames lie below
  uint64_t cursor;  // where the search for empty groups goes on
  uint64_t region_count;
  frame_range_t regions[kRegions];
  frame_account_t accounts[kAccounts];
  uint8_t group_owner[kGroups];
  group_map_t empty_groups;  // all of their 64 frames are free
  frame_map_t free_frames;   // frames that were never donated are never free
} frame_pool_t;

STATE(frame_pool_t, frame_allocator_pool);

static bitmap_t frames(void) { return frame_map_map(&state_frame_allocator_pool->free_frames); }

static bitmap_t groups(void) { return group_map_map(&state_frame_allocator_pool->empty_groups); }

static uint64_t group_of(uint64_t frame) { return frame / kGroupFrames; }

// The frames of a group that were donated, as bits.
static uint64_t group_mask(uint64_t group) REQUIRES(state_frame_allocator_pool->monitor) {
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
static void settle_group(uint64_t group) REQUIRES(state_frame_allocator_pool->monitor) {
  const uint64_t free = bitmap_word(frames(), group);
  if (free != group_mask(group)) return;
  state_set(&state_frame_allocator_pool->group_owner[group], kGroupNobody);
  if (free == UINT64_MAX) bitmap_set_range(groups(), group, 1);
}

// Takes note of frames of a group that the account takes.
static void claim_group(uint64_t group, uint64_t account)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const uint8_t *owner = &state_frame_allocator_pool->group_owner[group];
  const uint8_t mine = (uint8_t)(account + 1);
  bitmap_clear_range(groups(), group, 1);
  if (*owner != mine) state_set(owner, *owner == kGroupNobody ? mine : (uint8_t)kGroupShared);
}

// The account of an owner, or a free one; kAccounts when there is neither.
static uint64_t find_account(owner_t owner) REQUIRES(state_frame_allocator_pool->monitor) {
  uint64_t unused = kAccounts;
  for (uint64_t i = 0; i < kAccounts; i++) {
    const frame_account_t *account = &state_frame_allocator_pool->accounts[i];
    if (account->frames != 0 && account->owner.number == owner.number) return i;
    if (account->frames == 0 && unused == kAccounts) unused = i;
  }
  return unused;
}

// A run in the group that the account used last.
static uint64_t find_at_hint(uint64_t account, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const uint64_t group = state_frame_allocator_pool->accounts[account].hint;
  if (state_frame_allocator_pool->group_owner[group] != account + 1) return kNowhere;
  const uint64_t end = (group + 1) * kGroupFrames;
  const uint64_t first = bitmap_find_run(frames(), group * kGroupFrames, end, count);
  return first == end ? kNowhere : first;
}

// A run at the start of empty groups, from the cursor on and then from the beginning.
static uint64_t find_in_empty_groups(uint64_t count) REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  const uint64_t needed = (count - 1) / kGroupFrames + 1;
  uint64_t group = bitmap_find_run(groups(), pool->cursor, pool->groups, needed);
  if (group >= pool->groups) group = bitmap_find_run(groups(), 0, pool->groups, needed);
  if (group >= pool->groups) return kNowhere;
  state_set(&pool->cursor, group + needed);
  return group * kGroupFrames;
}

// A run anywhere, next to other owners' frames too.
static uint64_t find_anywhere(uint64_t count) REQUIRES(state_frame_allocator_pool->monitor) {
  const uint64_t end = state_frame_allocator_pool->groups * kGroupFrames;
  const uint64_t first = bitmap_find_run(frames(), 0, end, count);
  return first == end ? kNowhere : first;
}

static uint64_t find_run(uint64_t account, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  if (count > state_frame_allocator_pool->free) return kNowhere;
  uint64_t first = find_at_hint(account, count);
  if (first == kNowhere) first = find_in_empty_groups(count);
  if (first == kNowhere) first = find_anywhere(count);
  return first;
}

static void take_run(uint64_t index, owner_t owner, uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  const frame_account_t account = {
      .owner = owner,
      .hint = (uint32_t)group_of(first + count - 1),
      .frames = pool->accounts[index].frames + count,
  };
  bitmap_clear_range(frames(), first, count);
  for (uint64_t group = group_of(first); group <= group_of(first + count - 1); group++) {
    claim_group(group, index);
  }
  state_set(&pool->accounts[index], account);
  state_set(&pool->free, pool->free - count);
}

static void return_run(uint64_t index, uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  bitmap_set_range(frames(), first, count);
  for (uint64_t group = group_of(first); group <= group_of(first + count - 1); group++) {
    settle_group(group);
  }
  state_set(&pool->accounts[index].hint, (uint32_t)group_of(first));
  state_set(&pool->accounts[index].frames, pool->accounts[index].frames - count);
  state_set(&pool->free, pool->free + count);
}

// Whether all frames of the run were donated.
static bool is_donated(uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  for (uint64_t i = 0; i < pool->region_count; i++) {
    const uint64_t start = pool->regions[i].start.bytes / kFrameBytes;
    if (first >= start && range_fits(first - start, count, pool->regions[i].count)) return true;
  }
  return false;
}

// Whether the account may return the run, all of which is taken.
static bool is_held(uint64_t account, uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  if (account == kAccounts) return false;
  if (state_frame_allocator_pool->accounts[account].frames < count) return false;
  for (uint64_t group = group_of(first); group <= group_of(first + count - 1); group++) {
    const uint8_t owner = state_frame_allocator_pool->group_owner[group];
    if (owner != account + 1 && owner != kGroupShared) return false;
  }
  return true;
}

// Makes a run ready to be handed out; it lies behind all that came before, or apart from it.
static void add_region(uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const frame_pool_t *pool = state_frame_allocator_pool;
  const frame_range_t region = {{first * kFrameBytes}, count};
  state_set(&pool->regions[pool->region_count], region);
  state_set(&pool->region_count, pool->region_count + 1);
  const uint64_t last = group_of(first + count - 1);
  if (last >= pool->groups) state_set(&pool->groups, last + 1);
  bitmap_set_range(frames(), first, count);
  for (uint64_t group = group_of(first); group <= last; group++) {
    if (bitmap_word(frames(), group) == UINT64_MAX) bitmap_set_range(groups(), group, 1);
  }
  state_set(&pool->total, pool->total + count);
  state_set(&pool->free, pool->free + count);
}

// Takes a region over, as far as there is room to keep account of it.
static void accept_region(frame_range_t region) {
  const uint64_t first = region.start.bytes / kFrameBytes;
  if (first >= kFrames || region.count == 0) return;
  const uint64_t count = region.count < kFrames - first ? region.count : kFrames - first;
  monitor_enter(&state_frame_allocator_pool->monitor);
  const bool known = !bitmap_is_clear(frames(), first, count);
  if (!known && state_frame_allocator_pool->region_count < kRegions) add_region(first, count);
  monitor_exit(&state_frame_allocator_pool->monitor);
}

status_t frame_allocator_initialize(void) {
  // What the frames belong to outlives every instance, an unload included.
  TRY(blob_retain(TEXT("frame_allocator_pool")));
  for (;;) {
    frame_range_t region = {};
    const status_t status = memory_donate(&region);
    if (status_is(status, STATUS_END)) return OK;
    TRY(status);
    accept_region(region);
  }
}

paddr_result_t frame_allocator_allocate(owner_t owner, uint64_t count) {
  if (count == 0) return (paddr_result_t){.status = ERR(INVALID_ARGUMENT)};
  monitor_enter(&state_frame_allocator_pool->monitor);
  const uint64_t account = find_account(owner);
  const uint64_t first = account == kAccounts ? kNowhere : find_run(account, count);
  if (first != kNowhere) take_run(account, owner, first, count);
  monitor_exit(&state_frame_allocator_pool->monitor);
  if (first == kNowhere) return (paddr_result_t){.status = ERR(NO_MEMORY)};
  return (paddr_result_t){.value = {first * kFrameBytes}};
}

// Checks everything, then acts.
static status_t free_locked(owner_t owner, uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  if (!is_donated(first, count)) return ERR(INVALID_ARGUMENT);
  if (!bitmap_is_clear(frames(), first, count)) return ERR(INVALID_ARGUMENT);
  const uint64_t account = find_account(owner);
  if (!is_held(account, first, count)) return ERR(DENIED);
  return_run(account, first, count);
  return OK;
}

status_t frame_allocator_free(owner_t owner, paddr_t start, uint64_t count) {
  if (count == 0 || start.bytes % kFrameBytes != 0) return ERR(INVALID_ARGUMENT);
  monitor_enter(&state_frame_allocator_pool->monitor);
  const status_t status = free_locked(owner, start.bytes / kFrameBytes, count);
  monitor_exit(&state_frame_allocator_pool->monitor);
  return status;
}

u64_result_t frame_allocator_free_frames(void) {
  monitor_enter(&state_frame_allocator_pool->monitor);
  const uint64_t free = state_frame_allocator_pool->free;
  monitor_exit(&state_frame_allocator_pool->monitor);
  return (u64_result_t){.value = free};
}

u64_result_t frame_allocator_total_frames(void) {
  monitor_enter(&state_frame_allocator_pool->monitor);
  const uint64_t total = state_frame_allocator_pool->total;
  monitor_exit(&state_frame_allocator_pool->monitor);
  return (u64_result_t){.value = total};
}

status_t frame_allocator_usage(uint64_t index, frame_usage_t *usage) {
  if (index >= kAccounts) return ERR(END);
  monitor_enter(&state_frame_allocator_pool->monitor);
  const frame_account_t account = state_frame_allocator_pool->accounts[index];
  monitor_exit(&state_frame_allocator_pool->monitor);
  if (account.frames == 0) return ERR(NOT_FOUND);
  *usage = (frame_usage_t){.owner = account.owner, .frames = account.frames};
  return OK;
}
