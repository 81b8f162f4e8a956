// SPDX-License-Identifier: MIT
#include "cells/keymap/keymap.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace {

uint32_t Code(status_t status) { return status.code; }

class KeymapTest : public ::testing::Test {
 protected:
  uint32_t Translate(uint64_t code) {
    const u32_result_t result = keymap_translate(&state_, code);
    EXPECT_EQ(Code(result.status), STATUS_OK);
    return result.value;
  }
  // Translates several codes; returns what the last one makes.
  uint32_t Codes(const std::vector<uint64_t> &codes) {
    uint32_t last = 0;
    for (const uint64_t code : codes) last = Translate(code);
    return last;
  }

  keymap_state_t state_ = {};
};

TEST_F(KeymapTest, Translate_MainBlock_MakesCharacters) {
  EXPECT_EQ(Translate(0x1e), 'a');
  EXPECT_EQ(Translate(0x2c), 'z');
  EXPECT_EQ(Translate(0x02), '1');
  EXPECT_EQ(Translate(0x0b), '0');
  EXPECT_EQ(Translate(0x0d), '=');
  EXPECT_EQ(Translate(0x1b), ']');
  EXPECT_EQ(Translate(0x29), '`');
  EXPECT_EQ(Translate(0x2b), '\\');
  EXPECT_EQ(Translate(0x35), '/');
  EXPECT_EQ(Translate(0x39), ' ');
  EXPECT_EQ(Translate(0x1c), '\n');
  EXPECT_EQ(Translate(0x0e), '\b');
  EXPECT_EQ(Translate(0x0f), '\t');
  EXPECT_EQ(Translate(0x01), 27u);
}

TEST_F(KeymapTest, Translate_Release_MakesNothing) {
  EXPECT_EQ(Translate(0x9e), 0u);
  EXPECT_EQ(Translate(0x80), 0u);
  EXPECT_EQ(Translate(0x00), 0u);
}

TEST_F(KeymapTest, Translate_Shift_LastsUntilBothAreUp) {
  EXPECT_EQ(Codes({0x2a, 0x1e}), 'A');
  EXPECT_EQ(Codes({0x36, 0xaa, 0x1e}), 'A');
  EXPECT_EQ(Codes({0xb6, 0x1e}), 'a');
  EXPECT_EQ(Codes({0x2a, 0x02}), '!');
  EXPECT_EQ(Codes({0x28}), '"');
}

TEST_F(KeymapTest, Translate_CapsLock_ChangesLettersOnly) {
  EXPECT_EQ(Codes({0x3a, 0xba, 0x1e}), 'A');
  EXPECT_EQ(Translate(0x02), '1');
  EXPECT_EQ(Codes({0x2a, 0x1e}), 'a');
  EXPECT_EQ(Codes({0xaa, 0x3a, 0x1e}), 'a');
}

TEST_F(KeymapTest, Translate_Control_MakesControlCodes) {
  EXPECT_EQ(Codes({0x1d, 0x2e}), 3u);
  EXPECT_EQ(Codes({0x1a}), 27u);
  EXPECT_EQ(Codes({0x9d, 0x2e}), 'c');
  EXPECT_EQ(Codes({0xe0, 0x1d, 0x1d, 0xe0, 0x9d, 0x2e}), 3u);  // the left one is still down
}

TEST_F(KeymapTest, Translate_PrefixedKeys_AreTheirOwn) {
  EXPECT_EQ(Codes({0xe0, 0x48}), uint32_t{kKeymapUp});
  EXPECT_EQ(Codes({0xe0, 0xc8}), 0u);
  EXPECT_EQ(Codes({0xe0, 0x4b}), uint32_t{kKeymapLeft});
  EXPECT_EQ(Codes({0xe0, 0x53}), uint32_t{kKeymapDelete});
  EXPECT_EQ(Codes({0xe0, 0x1c}), '\n');
  EXPECT_EQ(Codes({0xe0, 0x35}), '/');
  EXPECT_EQ(Codes({0x48}), '8');
  EXPECT_EQ(Codes({0xe0, 0x2a, 0xe0, 0x49, 0x1e}), 'a');  // no Shift
}

TEST_F(KeymapTest, Translate_FunctionKeysAndKeypad_AreKnown) {
  EXPECT_EQ(Translate(0x3b), uint32_t{kKeymapF1});
  EXPECT_EQ(Translate(0x44), uint32_t{kKeymapF1} + 9);
  EXPECT_EQ(Translate(0x58), uint32_t{kKeymapF1} + 11);
  EXPECT_EQ(Translate(0x53), '.');
  EXPECT_EQ(Translate(0x37), '*');
  EXPECT_EQ(Translate(0x60), 0u);
}

TEST_F(KeymapTest, Translate_PauseKey_MakesNothing) {
  for (const uint64_t code : {0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5}) EXPECT_EQ(Translate(code), 0u);
  EXPECT_EQ(Translate(0x2e), 'c');
}

TEST_F(KeymapTest, Translate_CodeOutOfRange_ChangesNothing) {
  const keymap_state_t before = state_;
  EXPECT_EQ(Code(keymap_translate(&state_, 256).status), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(std::memcmp(&before, &state_, sizeof(state_)), 0);
}

TEST_F(KeymapTest, Translate_ForeignOrNewerState_IsRefused) {
  Translate(0x1e);
  state_.seal.version++;
  EXPECT_EQ(Code(keymap_translate(&state_, 0x1e).status), STATUS_STALE);
  state_.seal.tag++;
  EXPECT_EQ(Code(keymap_translate(&state_, 0x1e).status), STATUS_INVALID_OBJECT);
}

TEST_F(KeymapTest, Translate_AnyTwoCodes_NeverTraps) {
  for (uint64_t first = 0; first < 256; first++) {
    for (uint64_t second = 0; second < 256; second++) {
      state_ = {};
      Codes({first, second});
    }
  }
}

}  // namespace
