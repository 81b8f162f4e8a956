// SPDX-License-Identifier: MIT
// Fails half-way through a change of state that is spread over two blobs.
#include "nano_core/api/cell.h"

enum { kPageBytes = 300, kFloodWords = 8192 };

typedef struct breaker_pages {
  monitor_t monitor;
  uint64_t count;
  uint32_t low;
  uint16_t lower;
  uint8_t lowest;
  uint8_t odd[kPageBytes];  // at an odd place
  uint64_t flood[kFloodWords];
} breaker_pages_t;

typedef struct breaker_margin {
  monitor_t monitor;
  uint64_t count;
} breaker_margin_t;

STATE(breaker_pages_t, breaker_pages);
STATE(breaker_margin_t, breaker_margin);

CELL_EXPORT u64_result_t breaker_torn(uint64_t index);
CELL_EXPORT u64_result_t breaker_flood(uint64_t words);
CELL_EXPORT u64_result_t breaker_whole(void);

static void count_margin(void) {
  monitor_enter(&state_breaker_margin->monitor);
  state_set(&state_breaker_margin->count, state_breaker_margin->count + 1);
  monitor_exit(&state_breaker_margin->monitor);
}

static void write_page(uint64_t count) REQUIRES(state_breaker_pages->monitor) {
  const breaker_pages_t *pages = state_breaker_pages;
  uint8_t page[kPageBytes] = {};
  for (size_t i = 0; i < kPageBytes; i++) page[i] = (uint8_t)(count + i);
  state_clear(&pages->odd, sizeof(pages->odd));
  state_copy(&pages->odd, page, sizeof(page));
}

// Outside of the span it is a trap, after everything has been changed.
u64_result_t breaker_torn(uint64_t index) {
  const breaker_pages_t *pages = state_breaker_pages;
  monitor_enter(&state_breaker_pages->monitor);
  const uint64_t count = pages->count + 1;
  state_set(&pages->count, count);
  state_set(&pages->low, (uint32_t)count);
  state_set(&pages->lower, (uint16_t)count);
  state_set(&pages->lowest, (uint8_t)count);
  count_margin();
  write_page(count);
  count_margin();
  const char found = *text_at(TEXT("abc"), index);
  monitor_exit(&state_breaker_pages->monitor);
  return (u64_result_t){.value = (uint8_t)found};
}

// More words than can be undone are NO_MEMORY.
u64_result_t breaker_flood(uint64_t words) {
  if (words > kFloodWords) return (u64_result_t){.status = ERR(OUT_OF_RANGE)};
  monitor_enter(&state_breaker_pages->monitor);
  for (uint64_t i = 0; i < words; i++) {
    state_set(&state_breaker_pages->flood[i], state_breaker_pages->flood[i] + 1);
  }
  monitor_exit(&state_breaker_pages->monitor);
  return (u64_result_t){};
}

static bool page_is_whole(void) REQUIRES(state_breaker_pages->monitor) {
  const breaker_pages_t *pages = state_breaker_pages;
  const uint64_t count = pages->count;
  bool whole = pages->low == (uint32_t)count && pages->lower == (uint16_t)count &&
               pages->lowest == (uint8_t)count;
  for (size_t i = 0; i < kPageBytes; i++) {
    whole &= pages->odd[i] == (count == 0 ? 0 : (uint8_t)(count + i));
  }
  for (size_t i = 1; i < kFloodWords; i++) whole &= pages->flood[i] <= pages->flood[i - 1];
  return whole;
}

// How many changes were made, where all of each was: of the words, the first that was flooded is
// counted in the upper half.
u64_result_t breaker_whole(void) {
  monitor_enter(&state_breaker_pages->monitor);
  const uint64_t count = state_breaker_pages->count;
  const uint64_t floods = state_breaker_pages->flood[0];
  bool whole = page_is_whole();
  monitor_enter(&state_breaker_margin->monitor);
  whole = whole && state_breaker_margin->count == 2 * count;
  monitor_exit(&state_breaker_margin->monitor);
  monitor_exit(&state_breaker_pages->monitor);
  if (!whole) return (u64_result_t){.status = ERR(INTERNAL)};
  return (u64_result_t){.value = floods << 32 | count};
}
