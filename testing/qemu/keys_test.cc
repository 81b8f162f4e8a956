// SPDX-License-Identifier: MIT
#include "testing/qemu/keys.h"

#include <gtest/gtest.h>

#include <set>

namespace qemu {
namespace {

TEST(KeysTest, StrokeOfCharacter_EveryPrintable_HasAStrokeOfItsOwn) {
  std::set<Stroke> strokes;
  for (char c = ' '; c <= '~'; c++) {
    const auto stroke = StrokeOfCharacter(c);
    ASSERT_TRUE(stroke.ok()) << c << ": " << stroke.problem;
    EXPECT_TRUE(strokes.insert(stroke.value).second) << c;
  }
  EXPECT_EQ(strokes.size(), 95u);
}

TEST(KeysTest, StrokeOfCharacter_Shifted_HoldsShiftDown) {
  EXPECT_EQ(StrokeOfCharacter('a').value, (Stroke{"a"}));
  EXPECT_EQ(StrokeOfCharacter('A').value, (Stroke{"shift", "a"}));
  EXPECT_EQ(StrokeOfCharacter('"').value, (Stroke{"shift", "apostrophe"}));
  EXPECT_EQ(StrokeOfCharacter('@').value, (Stroke{"shift", "2"}));
  EXPECT_EQ(StrokeOfCharacter('\n').value, (Stroke{"ret"}));
}

TEST(KeysTest, StrokeOfCharacter_NotOnKeyboard_NamesCode) {
  EXPECT_NE(StrokeOfCharacter('\xe4').problem.find("228"), std::string::npos);
  EXPECT_FALSE(StrokeOfCharacter('\0').ok());
  EXPECT_FALSE(StrokeOfCharacter('\x1b').ok());
}

TEST(KeysTest, StrokeOfName_Combination_KeepsOrder) {
  EXPECT_EQ(StrokeOfName("ctrl-alt-delete").value, (Stroke{"ctrl", "alt", "delete"}));
  EXPECT_EQ(StrokeOfName("enter").value, (Stroke{"ret"}));
  EXPECT_EQ(StrokeOfName("f12").value, (Stroke{"f12"}));
}

TEST(KeysTest, StrokeOfName_Unknown_IsNamed) {
  for (const char *name : {"", "-", "ctrl-", "f13", "A", "foo", "ctrl-foo"}) {
    const auto stroke = StrokeOfName(name);
    EXPECT_FALSE(stroke.ok()) << name;
    EXPECT_NE(stroke.problem.find("'" + std::string(name) + "'"), std::string::npos);
  }
}

}  // namespace
}  // namespace qemu
