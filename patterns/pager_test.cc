// SPDX-License-Identifier: MIT
#include "patterns/pager.h"

#include <gtest/gtest.h>

#include <string>

namespace {

size_t Take(pager_t *pager, const std::string &text) {
  return pager_take(pager, {text.data(), text.size()});
}

TEST(PagerTest, Take_FullPage_LeavesTheLastRowFree) {
  pager_t pager = pager_start(4, 80);
  EXPECT_EQ(Take(&pager, "1\n2\n3\n4\n"), 6u);
  EXPECT_EQ(Take(&pager, "4\n"), 0u);
}

TEST(PagerTest, Take_InPieces_IsTheSamePage) {
  pager_t pager = pager_start(4, 80);
  EXPECT_EQ(Take(&pager, "1\n"), 2u);
  EXPECT_EQ(Take(&pager, "2\n"), 2u);
  EXPECT_EQ(Take(&pager, "3\n4\n"), 2u);
  EXPECT_EQ(Take(&pager, ""), 0u);
}

TEST(PagerTest, Take_LongLine_CountsItsRows) {
  pager_t pager = pager_start(5, 10);
  EXPECT_EQ(Take(&pager, std::string(10, 'x') + "\n"), 11u) << "one row";
  EXPECT_EQ(Take(&pager, std::string(11, 'x') + "\n"), 12u) << "two rows";
  EXPECT_EQ(Take(&pager, std::string(11, 'x') + "\n"), 0u);
  EXPECT_EQ(Take(&pager, "x\n"), 2u);
}

TEST(PagerTest, Take_LineLongerThanAPage_GoesOutAlone) {
  pager_t pager = pager_start(3, 10);
  EXPECT_EQ(Take(&pager, std::string(100, 'x') + "\ny\n"), 101u);
}

TEST(PagerTest, Take_LineWithoutEnd_CountsToo) {
  pager_t pager = pager_start(3, 80);
  EXPECT_EQ(Take(&pager, "1\n2\nhalf"), 4u);
  EXPECT_EQ(pager_answer(&pager, ' '), kPagerGoOn);
  EXPECT_EQ(Take(&pager, "half"), 4u);
}

TEST(PagerTest, Take_NoRows_NeverStops) {
  pager_t pager = pager_start(0, 80);
  const std::string text(5000, '\n');
  EXPECT_EQ(Take(&pager, text), text.size());
}

TEST(PagerTest, Count_OtherLines_TakeFromThePage) {
  pager_t pager = pager_start(4, 10);
  pager_count(&pager, 15);
  EXPECT_EQ(Take(&pager, "1\n2\n"), 2u);
}

TEST(PagerTest, Answer_Blank_GivesAnotherPage) {
  pager_t pager = pager_start(4, 80);
  Take(&pager, "1\n2\n3\n4\n");
  EXPECT_EQ(pager_answer(&pager, ' '), kPagerGoOn);
  EXPECT_EQ(Take(&pager, "4\n5\n6\n7\n"), 6u);
}

TEST(PagerTest, Answer_Enter_GivesAnotherLine) {
  pager_t pager = pager_start(4, 10);
  Take(&pager, "1\n2\n3\n4\n");
  EXPECT_EQ(pager_answer(&pager, '\r'), kPagerGoOn);
  EXPECT_EQ(Take(&pager, "4\n5\n"), 2u);
  EXPECT_EQ(pager_answer(&pager, '\n'), kPagerGoOn);
  EXPECT_EQ(Take(&pager, std::string(95, 'x') + "\n6\n"), 96u) << "however long";
}

TEST(PagerTest, Answer_A_GivesAllTheRest) {
  pager_t pager = pager_start(4, 80);
  Take(&pager, "1\n2\n3\n4\n");
  EXPECT_EQ(pager_answer(&pager, 'a'), kPagerGoOn);
  EXPECT_EQ(Take(&pager, "4\n5\n6\n7\n8\n"), 10u);
}

TEST(PagerTest, Answer_QOrCtrlC_IsTheEnd) {
  pager_t pager = pager_start(4, 80);
  EXPECT_EQ(pager_answer(&pager, 'q'), kPagerEnd);
  EXPECT_EQ(pager_answer(&pager, 3), kPagerEnd);
  EXPECT_EQ(pager_answer(&pager, 'x'), kPagerNothing);
  EXPECT_EQ(pager_answer(&pager, 0x100), kPagerNothing);
}

}  // namespace
