// SPDX-License-Identifier: MIT
// The cells that the loads call: they work, and can be told to go wrong.
#include "cells/frame_allocator/frame_allocator.h"
#include "cells/heap/heap.h"
#include "cells/keyboard/keyboard.h"
#include "cells/load_generator/fake_world.h"
#include "cells/timer/timer.h"

nanoseconds_result_t timer_now(void) {
  if (!status_is_ok(world.timer)) return {world.timer, {}};
  return {OK, {world.now += 1000}};
}
u64_result_t timer_ticks(void) { return {world.timer, world.now / 1000000 - world.merged_ticks}; }
status_t timer_wait_until(nanoseconds_t deadline) {
  if (!status_is_ok(world.timer)) return world.timer;
  if (deadline.count <= world.now) return OK;
  return world.wake_early ? OK : ERR(WOULD_BLOCK);
}

paddr_result_t frame_allocator_allocate(owner_t, uint64_t count) {
  if (!status_is_ok(world.everywhere)) return {world.everywhere, {}};
  const uint64_t first = world.same_frame_twice ? 1 : world.next_frame;
  for (uint64_t i = 0; i < count; i++) world.frames.insert(first + i);
  world.next_frame += count;
  return {OK, {first * kFrameBytes}};
}
status_t frame_allocator_free(owner_t, paddr_t start, uint64_t count) {
  if (!status_is_ok(world.everywhere)) return world.everywhere;
  for (uint64_t i = 0; i < count; i++) world.frames.erase(start.bytes / kFrameBytes + i);
  return OK;
}

heap_pool_result_t heap_pool_create(owner_t, uint64_t) {
  if (!status_is_ok(world.everywhere)) return {world.everywhere, {}};
  world.pools++;
  return {OK, {1, 1}};
}
status_t heap_pool_destroy(heap_pool_t) {
  if (!status_is_ok(world.everywhere)) return world.everywhere;
  world.pools--;
  return OK;
}
memory_result_t heap_allocate(heap_pool_t, uint64_t bytes) {
  if (!status_is_ok(world.everywhere)) return {world.everywhere, nullptr};
  auto block = std::make_unique<uint64_t[]>((bytes + 7) / 8);
  if (world.wrong_answers) block[0] = 1;
  void *const memory = block.get();
  world.blocks[memory] = std::move(block);
  return {OK, memory};
}
status_t heap_free(heap_pool_t, void *memory) {
  if (!status_is_ok(world.everywhere)) return world.everywhere;
  EXPECT_EQ(world.blocks.erase(memory), 1u);
  return OK;
}
u64_result_t heap_used_bytes(heap_pool_t) { return {OK, world.blocks.size()}; }

keyboard_consumer_result_t keyboard_acquire(void) {
  if (!status_is_ok(world.everywhere)) return {world.everywhere, 0};
  world.key_held = true;
  return {OK, ++world.token};
}
status_t keyboard_release(uint64_t token) {
  if (token != world.token) return ERR(STALE);
  world.key_held = false;
  return OK;
}
status_t keyboard_inject(uint64_t code) {
  if (!status_is_ok(world.everywhere)) return world.everywhere;
  if (world.drop_keys-- > 0) return OK;
  if (world.wrong_keys-- > 0) code ^= 1;
  world.queue.push_back({world.sequence++, static_cast<uint8_t>(code), true});
  return OK;
}
status_t keyboard_peek(uint64_t token, keyboard_item_t *item) {
  if (!status_is_ok(world.everywhere)) return world.everywhere;
  if (world.takeovers-- > 0) world.token++;
  if (token != world.token) return ERR(STALE);
  if (world.queue.empty()) return ERR(WOULD_BLOCK);
  *item = world.queue.front();
  return OK;
}
status_t keyboard_complete(uint64_t token, uint64_t sequence) {
  if (token != world.token || world.queue.front().sequence != sequence) return ERR(STALE);
  world.queue.pop_front();
  return OK;
}
