// SPDX-License-Identifier: MIT
#include "patterns/queue.h"

#include <gtest/gtest.h>

QUEUE_DEFINE(code_queue, uint32_t, 4);

namespace {

uint32_t Code(status_t status) { return status.code; }

class QueueTest : public ::testing::Test {
 protected:
  uint64_t Push(uint32_t value) {
    const u64_result_t result = code_queue_push(&queue_, &value);
    EXPECT_EQ(Code(result.status), STATUS_OK);
    return result.value;
  }

  code_queue_t queue_ = {};
};

TEST_F(QueueTest, Push_First_IsNumberOneAndWaits) {
  EXPECT_EQ(Push(10), 1u);
  EXPECT_EQ(code_queue_waiting(&queue_), 1u);
  EXPECT_EQ(code_queue_fate(&queue_, 1).value, uint32_t{kQueueWaiting});
  EXPECT_EQ(Code(code_queue_fate(&queue_, 0).status), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(code_queue_fate(&queue_, 2).status), STATUS_NOT_FOUND);
}

TEST_F(QueueTest, Push_Full_IsNoSpaceAndCountedAsLost) {
  for (uint32_t i = 0; i < 4; i++) Push(i);
  const uint32_t value = 4;
  EXPECT_EQ(Code(code_queue_push(&queue_, &value).status), STATUS_NO_SPACE);
  EXPECT_EQ(code_queue_lost(&queue_), 1u);
  EXPECT_EQ(code_queue_waiting(&queue_), 4u);
}

TEST_F(QueueTest, Peek_Twice_GivesTheSameItem) {
  Push(10);
  const uint64_t token = code_queue_acquire(&queue_);
  uint32_t value = 0;
  EXPECT_EQ(code_queue_peek(&queue_, token, &value).value, 1u);
  EXPECT_EQ(code_queue_peek(&queue_, token, &value).value, 1u);
  EXPECT_EQ(value, 10u);
}

TEST_F(QueueTest, Peek_Empty_IsNotFound) {
  const uint64_t token = code_queue_acquire(&queue_);
  uint32_t value = 3;
  EXPECT_EQ(Code(code_queue_peek(&queue_, token, &value).status), STATUS_NOT_FOUND);
  EXPECT_EQ(value, 3u);
}

TEST_F(QueueTest, Complete_Oldest_RemovesIt) {
  Push(10);
  Push(11);
  const uint64_t token = code_queue_acquire(&queue_);
  EXPECT_EQ(Code(code_queue_complete(&queue_, token, 1)), STATUS_OK);
  uint32_t value = 0;
  EXPECT_EQ(code_queue_peek(&queue_, token, &value).value, 2u);
  EXPECT_EQ(value, 11u);
  EXPECT_EQ(code_queue_fate(&queue_, 1).value, uint32_t{kQueueCompleted});
  EXPECT_EQ(code_queue_completed(&queue_), 1u);
}

TEST_F(QueueTest, Complete_NotTheOldest_IsStale) {
  Push(10);
  Push(11);
  const uint64_t token = code_queue_acquire(&queue_);
  EXPECT_EQ(Code(code_queue_complete(&queue_, token, 2)), STATUS_STALE);
  EXPECT_EQ(Code(code_queue_complete(&queue_, token, 1)), STATUS_OK);
  EXPECT_EQ(Code(code_queue_complete(&queue_, token, 1)), STATUS_STALE);
  EXPECT_EQ(code_queue_waiting(&queue_), 1u);
}

TEST_F(QueueTest, Complete_StaleToken_ChangesNothing) {
  Push(10);
  const uint64_t old_token = code_queue_acquire(&queue_);
  const uint64_t token = code_queue_acquire(&queue_);
  uint32_t value = 0;
  EXPECT_EQ(Code(code_queue_peek(&queue_, old_token, &value).status), STATUS_STALE);
  EXPECT_EQ(Code(code_queue_complete(&queue_, old_token, 1)), STATUS_STALE);
  EXPECT_EQ(Code(code_queue_release(&queue_, old_token)), STATUS_STALE);
  EXPECT_EQ(code_queue_peek(&queue_, token, &value).value, 1u);
}

TEST_F(QueueTest, ConsumerDies_AfterPeek_ItemIsThereForTheNext) {
  Push(10);
  uint32_t value = 0;
  const uint64_t dead = code_queue_acquire(&queue_);
  EXPECT_EQ(code_queue_peek(&queue_, dead, &value).value, 1u);
  const uint64_t next = code_queue_acquire(&queue_);
  EXPECT_EQ(code_queue_peek(&queue_, next, &value).value, 1u);
  EXPECT_EQ(value, 10u);
}

TEST_F(QueueTest, Token_AfterRelease_IsNeverValidAgain) {
  EXPECT_FALSE(code_queue_is_held(&queue_));
  EXPECT_EQ(Code(code_queue_check(&queue_, 0)), STATUS_STALE);
  const uint64_t first = code_queue_acquire(&queue_);
  EXPECT_TRUE(code_queue_is_held(&queue_));
  EXPECT_EQ(Code(code_queue_release(&queue_, first)), STATUS_OK);
  EXPECT_FALSE(code_queue_is_held(&queue_));
  EXPECT_EQ(Code(code_queue_check(&queue_, first)), STATUS_STALE);
  EXPECT_EQ(Code(code_queue_check(&queue_, queue_.token)), STATUS_STALE);
  EXPECT_NE(code_queue_acquire(&queue_), first);
}

TEST_F(QueueTest, PushAndComplete_ManyTimes_KeepsOrder) {
  const uint64_t token = code_queue_acquire(&queue_);
  for (uint32_t i = 0; i < 1000; i++) {
    Push(i);
    uint32_t value = 0;
    const u64_result_t item = code_queue_peek(&queue_, token, &value);
    ASSERT_EQ(value, i);
    ASSERT_EQ(item.value, i + 1u);
    ASSERT_EQ(Code(code_queue_complete(&queue_, token, item.value)), STATUS_OK);
  }
  EXPECT_EQ(code_queue_lost(&queue_), 0u);
}

}  // namespace
