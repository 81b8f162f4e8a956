// SPDX-License-Identifier: MIT
#include "patterns/ring.h"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <random>

RING_DEFINE(small_ring, uint32_t, 3);

namespace {

uint32_t Code(status_t status) { return status.code; }

TEST(RingTest, New_AllZero_IsEmpty) {
  const small_ring_t ring = {};
  uint32_t value = 7;
  EXPECT_EQ(small_ring_count(&ring), 0u);
  EXPECT_FALSE(small_ring_is_full(&ring));
  EXPECT_EQ(Code(small_ring_pop(&ring, &value)), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(small_ring_drop(&ring)), STATUS_NOT_FOUND);
  EXPECT_EQ(value, 7u);
}

TEST(RingTest, Push_Full_IsNoSpaceAndChangesNothing) {
  small_ring_t ring = {};
  for (uint32_t i = 0; i < 3; i++) EXPECT_EQ(Code(small_ring_push(&ring, &i)), STATUS_OK);
  const small_ring_t before = ring;
  const uint32_t more = 9;
  EXPECT_EQ(Code(small_ring_push(&ring, &more)), STATUS_NO_SPACE);
  EXPECT_EQ(std::memcmp(&before, &ring, sizeof(ring)), 0);
}

TEST(RingTest, PushOver_Full_DropsTheOldest) {
  small_ring_t ring = {};
  for (uint32_t i = 0; i < 3; i++) EXPECT_FALSE(small_ring_push_over(&ring, &i));
  const uint32_t more = 3;
  EXPECT_TRUE(small_ring_push_over(&ring, &more));
  EXPECT_EQ(small_ring_count(&ring), 3u);
  for (uint64_t number = 1; number <= 3; number++) {
    EXPECT_EQ(*small_ring_at(&ring, number), number);
  }
}

TEST(RingTest, At_NumberBeyondWrap_FindsTheElement) {
  small_ring_t ring = {};
  ring.first = ring.next = UINT64_C(1) << 62;
  const uint32_t value = 5;
  EXPECT_EQ(Code(small_ring_push(&ring, &value)), STATUS_OK);
  EXPECT_EQ(*small_ring_at(&ring, UINT64_C(1) << 62), 5u);
}

TEST(RingDeathTest, At_NumberThatIsNotThere_Traps) {
  small_ring_t ring = {};
  const uint32_t value = 5;
  EXPECT_DEATH(small_ring_at(&ring, 0), "");
  EXPECT_EQ(Code(small_ring_push(&ring, &value)), STATUS_OK);
  EXPECT_DEATH(small_ring_at(&ring, 1), "");
}

TEST(RingTest, RandomOperations_Always_MatchADeque) {
  small_ring_t ring = {};
  std::deque<uint32_t> model;
  std::mt19937 random(1);
  for (int i = 0; i < 20000; i++) {
    const uint32_t value = random();
    uint32_t popped = 0;
    switch (random() % 3) {
      case 0:
        EXPECT_EQ(Code(small_ring_push(&ring, &value)),
                  model.size() == 3 ? STATUS_NO_SPACE : STATUS_OK);
        if (model.size() < 3) model.push_back(value);
        break;
      case 1:
        EXPECT_EQ(small_ring_push_over(&ring, &value), model.size() == 3);
        if (model.size() == 3) model.pop_front();
        model.push_back(value);
        break;
      default:
        EXPECT_EQ(Code(small_ring_pop(&ring, &popped)),
                  model.empty() ? STATUS_NOT_FOUND : STATUS_OK);
        if (model.empty()) break;
        EXPECT_EQ(popped, model.front());
        model.pop_front();
    }
    ASSERT_EQ(small_ring_count(&ring), model.size());
  }
}

}  // namespace
