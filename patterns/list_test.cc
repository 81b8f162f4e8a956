// SPDX-License-Identifier: MIT
#include "patterns/list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

namespace {

class ListTest : public ::testing::Test {
 protected:
  list_links_t Links() { return LIST_LINKS(links_); }

  std::vector<uint32_t> Contents(const list_head_t &head) {
    std::vector<uint32_t> result;
    for (uint32_t i = list_first(&head); i != kListNone; i = list_next(Links(), i)) {
      result.push_back(i);
    }
    EXPECT_EQ(result.size(), head.count);
    EXPECT_EQ(list_last(&head), result.empty() ? kListNone : result.back());
    return result;
  }

  list_link_t links_[8] = {};
  list_head_t head_ = {};
  list_head_t other_ = {};
};

TEST_F(ListTest, New_AllZero_IsEmpty) {
  EXPECT_EQ(list_first(&head_), kListNone);
  EXPECT_EQ(list_last(&head_), kListNone);
  EXPECT_FALSE(list_contains(Links(), 0));
}

TEST_F(ListTest, Push_FrontAndBack_KeepsOrder) {
  list_push_back(Links(), &head_, 0);
  list_push_back(Links(), &head_, 5);
  list_push_front(Links(), &head_, 7);
  list_insert(Links(), &head_, 0, 3);
  EXPECT_EQ(Contents(head_), (std::vector<uint32_t>{7, 0, 3, 5}));
}

TEST_F(ListTest, Remove_OnlyPlace_LeavesAllZero) {
  list_push_back(Links(), &head_, 4);
  list_remove(Links(), &head_, 4);
  const list_head_t empty = {};
  EXPECT_EQ(std::memcmp(&head_, &empty, sizeof(head_)), 0);
  EXPECT_FALSE(list_contains(Links(), 4));
}

TEST_F(ListTest, TwoHeads_ShareLinks_WithoutMixing) {
  list_push_back(Links(), &head_, 0);
  list_push_back(Links(), &other_, 1);
  list_push_back(Links(), &head_, 2);
  EXPECT_EQ(Contents(head_), (std::vector<uint32_t>{0, 2}));
  EXPECT_EQ(Contents(other_), (std::vector<uint32_t>{1}));
}

TEST_F(ListTest, RandomOperations_Always_MatchAVector) {
  std::mt19937 random(1);
  std::vector<uint32_t> model;
  for (int i = 0; i < 20000; i++) {
    const uint32_t index = random() % 8;
    const auto at = std::find(model.begin(), model.end(), index);
    if (at != model.end()) {
      list_remove(Links(), &head_, index);
      model.erase(at);
    } else if (model.empty() || random() % 3 == 0) {
      list_push_front(Links(), &head_, index);
      model.insert(model.begin(), index);
    } else {
      const size_t after = random() % model.size();
      list_insert(Links(), &head_, model[after], index);
      model.insert(model.begin() + static_cast<long>(after) + 1, index);
    }
    ASSERT_EQ(Contents(head_), model);
  }
}

using ListDeathTest = ListTest;

TEST_F(ListDeathTest, Push_PlaceInAList_Traps) {
  list_push_back(Links(), &head_, 1);
  EXPECT_DEATH(list_push_back(Links(), &other_, 1), "");
}

TEST_F(ListDeathTest, Remove_PlaceInNoList_Traps) {
  list_push_back(Links(), &head_, 1);
  EXPECT_DEATH(list_remove(Links(), &head_, 2), "");
}

TEST_F(ListDeathTest, Push_IndexOutOfRange_Traps) {
  EXPECT_DEATH(list_push_back(Links(), &head_, 8), "");
}

}  // namespace
