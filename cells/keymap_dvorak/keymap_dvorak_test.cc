// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>

#include "cells/keymap/keymap.h"

namespace {

class KeymapDvorakTest : public ::testing::Test {
 protected:
  uint32_t Translate(uint64_t code) {
    const u32_result_t result = keymap_translate(&state_, code);
    EXPECT_TRUE(status_is_ok(result.status));
    return result.value;
  }
  std::string Row(uint64_t first, uint64_t last) {
    std::string row;
    for (uint64_t code = first; code <= last; code++) {
      row.push_back(static_cast<char>(Translate(code)));
    }
    return row;
  }

  keymap_state_t state_ = {};
};

TEST_F(KeymapDvorakTest, Translate_EachRow_IsDvorak) {
  EXPECT_EQ(Row(0x02, 0x0d), "1234567890[]");
  EXPECT_EQ(Row(0x10, 0x1b), "',.pyfgcrl/=");
  EXPECT_EQ(Row(0x1e, 0x29), "aoeuidhtns-`");
  EXPECT_EQ(Row(0x2b, 0x35), "\\;qjkxbmwvz");
}

TEST_F(KeymapDvorakTest, Translate_Shift_IsDvorak) {
  Translate(0x2a);
  EXPECT_EQ(Row(0x02, 0x0d), "!@#$%^&*(){}");
  EXPECT_EQ(Row(0x10, 0x1b), "\"<>PYFGCRL?+");
  EXPECT_EQ(Row(0x1e, 0x29), "AOEUIDHTNS_~");
  EXPECT_EQ(Row(0x2b, 0x35), "|:QJKXBMWVZ");
}

TEST_F(KeymapDvorakTest, Translate_LayoutIndependentKeys_AreAsEverywhere) {
  EXPECT_EQ(Translate(0x39), ' ');
  EXPECT_EQ(Translate(0x1c), '\n');
  Translate(0xe0);
  EXPECT_EQ(Translate(0x48), uint32_t{kKeymapUp});
}

}  // namespace
