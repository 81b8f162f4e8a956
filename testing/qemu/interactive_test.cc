// SPDX-License-Identifier: MIT
#include "testing/qemu/interactive.h"

#include <gtest/gtest.h>

namespace qemu {
namespace {

TEST(EscapeFilterTest, Filter_PlainKeys_Pass) {
  std::string keys = "ls x\r\x03";
  EXPECT_FALSE(EscapeFilter().Filter(&keys));
  EXPECT_EQ(keys, "ls x\r\x03");
}

TEST(EscapeFilterTest, Filter_CtrlAx_Leaves) {
  EscapeFilter filter;
  std::string keys = "ab\x01";
  EXPECT_FALSE(filter.Filter(&keys));
  EXPECT_EQ(keys, "ab");
  keys = "xc";
  EXPECT_TRUE(filter.Filter(&keys));
  EXPECT_EQ(keys, "");
}

TEST(EscapeFilterTest, Filter_CtrlATwice_IsOne) {
  std::string keys = "\x01\x01x\x01q";
  EXPECT_FALSE(EscapeFilter().Filter(&keys));
  EXPECT_EQ(keys, "\x01x");
}

}  // namespace
}  // namespace qemu
