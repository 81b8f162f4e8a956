// SPDX-License-Identifier: MIT
#include "patterns/pool.h"

#include <gtest/gtest.h>

#include <cstring>

namespace {

struct thing_handle_t {
  uint32_t index;
  uint32_t generation;
};

struct thing_t {
  uint64_t value;
};

POOL_DEFINE(thing_pool, thing_handle_t, thing_t, 3);

uint32_t Code(status_t status) { return status.code; }

class PoolTest : public ::testing::Test {
 protected:
  thing_handle_t Take() {
    thing_handle_t handle = {};
    EXPECT_EQ(Code(thing_pool_take(&pool_, &handle)), STATUS_OK);
    return handle;
  }

  thing_pool_t pool_ = {};
};

TEST_F(PoolTest, Take_AllPlaces_ThenNoMemory) {
  for (uint32_t i = 0; i < 3; i++) EXPECT_EQ(Take().index, i);
  const thing_pool_t before = pool_;
  thing_handle_t handle = {7, 7};
  EXPECT_EQ(Code(thing_pool_take(&pool_, &handle)), STATUS_NO_MEMORY);
  EXPECT_EQ(handle.index, 7u);
  EXPECT_EQ(std::memcmp(&before, &pool_, sizeof(pool_)), 0);
}

TEST_F(PoolTest, Get_NoneOrForeignHandle_IsNull) {
  EXPECT_EQ(thing_pool_get(&pool_, {0, 0}), nullptr);
  EXPECT_EQ(thing_pool_get(&pool_, {0, 1}), nullptr);
  EXPECT_EQ(thing_pool_get(&pool_, {3, 1}), nullptr);
  EXPECT_EQ(thing_pool_get(&pool_, {UINT32_MAX, 1}), nullptr);
}

TEST_F(PoolTest, Give_Twice_IsStale) {
  const thing_handle_t handle = Take();
  EXPECT_EQ(Code(thing_pool_give(&pool_, handle)), STATUS_OK);
  EXPECT_EQ(Code(thing_pool_give(&pool_, handle)), STATUS_STALE);
  EXPECT_EQ(thing_pool_get(&pool_, handle), nullptr);
}

TEST_F(PoolTest, Take_AfterGive_IsClearedAndHasANewGeneration) {
  const thing_handle_t old_handle = Take();
  state_set(&thing_pool_get(&pool_, old_handle)->value, uint64_t{5});
  EXPECT_EQ(Code(thing_pool_give(&pool_, old_handle)), STATUS_OK);
  const thing_handle_t handle = Take();
  EXPECT_EQ(handle.index, old_handle.index);
  EXPECT_EQ(thing_pool_get(&pool_, old_handle), nullptr);
  ASSERT_NE(thing_pool_get(&pool_, handle), nullptr);
  EXPECT_EQ(thing_pool_get(&pool_, handle)->value, 0u);
}

TEST_F(PoolTest, Taken_OfEachPlace_TellsTheHandle) {
  Take();
  const thing_handle_t second = Take();
  thing_handle_t found = {};
  EXPECT_TRUE(thing_pool_taken(&pool_, 1, &found));
  EXPECT_EQ(found.generation, second.generation);
  EXPECT_FALSE(thing_pool_taken(&pool_, 2, &found));
  EXPECT_FALSE(thing_pool_taken(&pool_, 3, &found));
}

TEST_F(PoolTest, Give_LastGeneration_RetiresThePlace) {
  thing_handle_t handle = Take();
  pool_.places[0].generation = handle.generation = UINT32_MAX;
  EXPECT_EQ(Code(thing_pool_give(&pool_, handle)), STATUS_OK);
  EXPECT_EQ(thing_pool_get(&pool_, handle), nullptr);
  EXPECT_EQ(Take().index, 1u);
  EXPECT_EQ(Take().index, 2u);
  EXPECT_EQ(Code(thing_pool_take(&pool_, &handle)), STATUS_NO_MEMORY);
}

}  // namespace
