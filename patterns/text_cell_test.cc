// SPDX-License-Identifier: MIT
#include "patterns/text_cell.h"

#include <gtest/gtest.h>

namespace {

TEST(TextCellTest, Cell_OfParts_HasThem) {
  const text_cell_t cell = text_cell(0x2502, kTextCyan | kTextBright, kTextBlue);
  EXPECT_EQ(text_cell_character(cell), 0x2502u);
  EXPECT_EQ(text_cell_foreground(cell), 14u);
  EXPECT_EQ(text_cell_background(cell), 4u);
}

TEST(TextCellTest, Cell_WideCodePoint_IsReplaced) {
  EXPECT_EQ(text_cell_character(text_cell(0x1f600, kTextGrey, kTextBlack)), 0xfffdu);
  EXPECT_EQ(text_cell_character(text_cell(0xffff, kTextGrey, kTextBlack)), 0xffffu);
}

TEST(TextCellTest, Cell_ColoursTooLarge_SpoilNothing) {
  const text_cell_t cell = text_cell('a', 0x17, 0xf2);
  EXPECT_TRUE(text_cell_equal(cell, text_cell('a', 7, 2)));
  EXPECT_EQ(text_cell_character(cell), static_cast<uint32_t>('a'));
}

TEST(TextCellTest, Reversed_Cell_ExchangesColours) {
  const text_cell_t cell = text_cell('a', kTextGrey, kTextBlue);
  EXPECT_TRUE(text_cell_equal(text_cell_reversed(cell), text_cell('a', kTextBlue, kTextGrey)));
  EXPECT_FALSE(text_cell_equal(text_cell_reversed(cell), cell));
}

TEST(TextCellTest, Cell_Any_DiffersFromNone) {
  EXPECT_FALSE(text_cell_equal(text_cell(' ', kTextBlack, kTextBlack), text_cell_t{}));
}

}  // namespace
