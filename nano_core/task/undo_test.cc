// SPDX-License-Identifier: MIT
#include "nano_core/task/undo.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

namespace {

// Writes a log as cells do, and as undo_log_range does.
class Log {
 public:
  void Word(uint64_t *place) {
    Push(*place);
    Push(Address(place));
  }
  void Three(uint64_t *place) {
    for (int i = 0; i < 3; i++) Push(place[i]);
    Push(Address(place) + 2);
  }
  void Range(void *place, size_t bytes) {
    const size_t start = words_.size();
    words_.resize(start + (bytes + 7) / 8, 0x5555555555555555);
    std::memcpy(&words_[start], place, bytes);
    Push(Address(place));
    Push(bytes << 1 | 1);
  }
  uint64_t Top() const { return Address(words_.data() + words_.size()); }
  uint64_t Base() const { return Address(words_.data()); }

 private:
  static uint64_t Address(const void *place) { return reinterpret_cast<uint64_t>(place); }
  void Push(uint64_t word) {
    ASSERT_LT(words_.size(), words_.capacity()) << "the log must not move";
    words_.push_back(word);
  }

  std::vector<uint64_t> words_ = [] {
    std::vector<uint64_t> words;
    words.reserve(4096);
    return words;
  }();
};

TEST(UndoTest, Run_EmptyLog_ChangesNothing) {
  const Log log;
  undo_run(log.Base(), log.Top());
}

TEST(UndoTest, Run_AWordChangedTwice_HoldsWhatItHeldFirst) {
  uint64_t word = 1;
  Log log;
  log.Word(&word);
  word = 2;
  log.Word(&word);
  word = 3;
  undo_run(log.Base(), log.Top());
  EXPECT_EQ(word, 1u);
}

TEST(UndoTest, Run_ThreeWords_NeighboursStay) {
  std::array<uint64_t, 5> words = {10, 11, 12, 13, 14};
  Log log;
  log.Three(&words[1]);
  words = {20, 21, 22, 23, 24};
  undo_run(log.Base(), log.Top());
  EXPECT_EQ(words, (std::array<uint64_t, 5>{20, 11, 12, 13, 24}));
}

TEST(UndoTest, Run_RangesOfAnyLengthAtAnyPlace_NeighboursStay) {
  for (size_t start = 1; start < 10; start++) {
    for (size_t bytes = 0; bytes < 40; bytes++) {
      std::array<unsigned char, 64> before = {};
      for (size_t i = 0; i < before.size(); i++) before[i] = static_cast<unsigned char>(i);
      std::array<unsigned char, 64> now = before;
      Log log;
      log.Range(&now[start], bytes);
      for (size_t i = start; i < start + bytes; i++) now[i] = 0xee;
      now[start - 1] = now[start + bytes] = 0x77;
      undo_run(log.Base(), log.Top());
      before[start - 1] = before[start + bytes] = 0x77;
      EXPECT_EQ(now, before) << start << " " << bytes;
    }
  }
}

TEST(UndoTest, Run_EveryKindInAnyOrder_NewestFirst) {
  std::array<uint64_t, 8> words = {1, 2, 3, 4, 5, 6, 7, 8};
  const std::array<uint64_t, 8> before = words;
  Log log;
  uint64_t random = 1;
  for (uint64_t i = 0; i < 300; i++) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    const size_t at = random >> 61;
    if (random >> 40 & 1) {
      log.Word(&words[at]);
      words[at] = random;
    } else if (at <= 5) {
      log.Three(&words[at]);
      words[at] = words[at + 1] = words[at + 2] = random;
    } else {
      log.Range(reinterpret_cast<unsigned char *>(words.data()) + at, 13);
      std::memset(reinterpret_cast<unsigned char *>(words.data()) + at, static_cast<int>(i), 13);
    }
  }
  ASSERT_NE(words, before);
  undo_run(log.Base(), log.Top());
  EXPECT_EQ(words, before);
}

TEST(UndoTest, Run_FromAMark_WhatCameBeforeStays) {
  uint64_t outer = 1;
  uint64_t inner = 1;
  Log log;
  log.Word(&outer);
  outer = 2;
  const uint64_t mark = log.Top();
  log.Word(&inner);
  inner = 2;
  undo_run(mark, log.Top());
  EXPECT_EQ(outer, 2u);
  EXPECT_EQ(inner, 1u);
}

}  // namespace
