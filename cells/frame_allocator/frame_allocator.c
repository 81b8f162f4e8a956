// SPDX-License-Identifier: MIT
#include "cells/frame_allocator/frame_allocator.h"

#include "cells/frame_allocator/frame_cache.h"

enum { kFramesAtOnce = 65536 };

// In parts, each of which is short enough to be undone: the memory of a machine is not.
static void accept_frames(uint64_t first, uint64_t count) {
  const uint64_t end = first + count;
  while (first < end) {
    const uint64_t border = (first / kFramesAtOnce + 1) * kFramesAtOnce;
    const uint64_t part_end = border < end ? border : end;
    monitor_enter(&state_frame_allocator_pool->monitor);
    add_frames(first, part_end - first);
    monitor_exit(&state_frame_allocator_pool->monitor);
    first = part_end;
  }
}

// Takes a region over, as far as there is room to keep account of it.
static void accept_region(frame_range_t region) {
  const uint64_t first = region.start.bytes / kFrameBytes;
  if (first >= kFrames || region.count == 0) return;
  const uint64_t count = region.count < kFrames - first ? region.count : kFrames - first;
  monitor_enter(&state_frame_allocator_pool->monitor);
  const bool known = !bitmap_is_clear(frames(), first, count);
  const bool accepted = !known && state_frame_allocator_pool->region_count < kRegions;
  if (accepted) add_region(first, count);
  monitor_exit(&state_frame_allocator_pool->monitor);
  if (accepted) accept_frames(first, count);
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

// The cache to try. The task may be on another processor before it is even entered.
static uint64_t own_cache(void) {
  const u32_result_t self = processor_self();
  return status_is_ok(self.status) ? self.value % kCaches : 0;
}

// A run for an account. Caches give back what they have before two owners share a group, and before
// it is said that there is none.
static uint64_t find_run(uint64_t account, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  uint64_t first = find_apart(account, count);
  if (first == kNowhere && recall_all()) first = find_apart(account, count);
  return first == kNowhere ? find_anywhere(count) : first;
}

static uint64_t allocate_locked(uint64_t number, owner_t owner, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  if (count > state_frame_allocator_pool->total) return kNowhere;
  uint64_t account = find_account(owner);
  // An account stays open for the groups that are lent for it.
  if (account == kAccounts && recall_all()) account = find_account(owner);
  if (account == kAccounts) return kNowhere;
  const bool room = count == 1 && make_room();
  const uint64_t first = find_run(account, count);
  if (first == kNowhere) return kNowhere;
  open_account(account, owner);
  if (room && is_private(group_of(first), account)) {
    lend_group(number, account, group_of(first), UINT64_C(1) << (first % kGroupFrames));
  } else {
    take_run(account, first, count);
  }
  return first;
}

__attribute__((noinline)) static uint64_t allocate_from_pool(uint64_t number, owner_t owner,
                                                             uint64_t count) {
  monitor_enter(&state_frame_allocator_pool->monitor);
  const uint64_t first = allocate_locked(number, owner, count);
  monitor_exit(&state_frame_allocator_pool->monitor);
  return first;
}

paddr_result_t frame_allocator_allocate(owner_t owner, uint64_t count) {
  if (count == 0) return (paddr_result_t){.status = ERR(INVALID_ARGUMENT)};
  const uint64_t number = own_cache();
  uint64_t first = count == 1 ? take_from_cache(cache_at(number), owner) : kNowhere;
  if (first == kNowhere) first = allocate_from_pool(number, owner, count);
  if (first == kNowhere) return (paddr_result_t){.status = ERR(NO_MEMORY)};
  return (paddr_result_t){.value = {first * kFrameBytes}};
}

// Whether a frame was returned to the cache that its group is lent to.
static bool return_to_holder(owner_t owner, uint64_t frame)
    REQUIRES(state_frame_allocator_pool->monitor) {
  const uint64_t holder = state_frame_allocator_pool->group_owner[group_of(frame)];
  if (holder < kGroupLent || holder >= kGroupShared) return false;
  return return_to_cache(cache_at(holder - kGroupLent), owner, frame);
}

// Checks everything, then acts.
static status_t free_locked(uint64_t number, owner_t owner, uint64_t first, uint64_t count)
    REQUIRES(state_frame_allocator_pool->monitor) {
  if (!is_donated(first, count)) return ERR(INVALID_ARGUMENT);
  if (count == 1 && return_to_holder(owner, first)) return OK;
  recall_run(first, count);
  if (!bitmap_is_clear(frames(), first, count)) return ERR(INVALID_ARGUMENT);
  const uint64_t account = find_account(owner);
  if (!is_held(account, first, count)) return ERR(DENIED);
  return_run(account, first, count);
  // Whoever returns frames one by one goes on with the neighbours.
  const uint64_t group = group_of(first);
  const bool more = state_frame_allocator_pool->group_owner[group] == account + 1;
  if (count == 1 && more && make_room()) lend_group(number, account, group, 0);
  return OK;
}

__attribute__((noinline)) static status_t return_to_pool(uint64_t number, owner_t owner,
                                                         uint64_t first, uint64_t count) {
  monitor_enter(&state_frame_allocator_pool->monitor);
  const status_t status = free_locked(number, owner, first, count);
  monitor_exit(&state_frame_allocator_pool->monitor);
  return status;
}

status_t frame_allocator_free(owner_t owner, paddr_t start, uint64_t count) {
  if (count == 0 || start.bytes % kFrameBytes != 0) return ERR(INVALID_ARGUMENT);
  const uint64_t first = start.bytes / kFrameBytes;
  const uint64_t number = own_cache();
  if (count == 1 && return_to_cache(cache_at(number), owner, first)) return OK;
  return return_to_pool(number, owner, first, count);
}

u64_result_t frame_allocator_free_frames(void) {
  monitor_enter(&state_frame_allocator_pool->monitor);
  const uint64_t free = state_frame_allocator_pool->free + count_cached_free();
  monitor_exit(&state_frame_allocator_pool->monitor);
  return (u64_result_t){.value = free};
}

u64_result_t frame_allocator_cached_frames(void) {
  monitor_enter(&state_frame_allocator_pool->monitor);
  const uint64_t cached = count_cached_free();
  monitor_exit(&state_frame_allocator_pool->monitor);
  return (u64_result_t){.value = cached};
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
  const frame_account_t *account = &state_frame_allocator_pool->accounts[index];
  frame_usage_t held = {.owner = account->owner, .frames = account->frames};
  if (account->lent != 0) held.frames += count_cached_used(index);
  monitor_exit(&state_frame_allocator_pool->monitor);
  if (held.frames == 0) return ERR(NOT_FOUND);
  *usage = held;
  return OK;
}
