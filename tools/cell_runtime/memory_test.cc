// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

extern "C" {
void *cell_memcpy(void *destination, const void *source, size_t bytes);
void *cell_memmove(void *destination, const void *source, size_t bytes);
void *cell_memset(void *destination, int value, size_t bytes);
int cell_memcmp(const void *left, const void *right, size_t bytes);
}

namespace {

using Bytes = std::array<uint8_t, 64>;

Bytes Counted() {
  Bytes bytes;
  std::iota(bytes.begin(), bytes.end(), uint8_t{1});
  return bytes;
}

TEST(CellRuntimeTest, Memcpy_EachLength_CopiesExactlyThat) {
  const Bytes source = Counted();
  for (size_t length = 0; length <= 40; length++) {
    Bytes target = {};
    EXPECT_EQ(cell_memcpy(&target[3], &source[1], length), &target[3]);
    for (size_t i = 0; i < target.size(); i++) {
      EXPECT_EQ(target[i], i >= 3 && i < 3 + length ? source[i - 2] : 0);
    }
  }
}

TEST(CellRuntimeTest, Memmove_EachOverlap_KeepsTheSource) {
  for (size_t from = 0; from <= 20; from++) {
    for (size_t to = 0; to <= 20; to++) {
      const Bytes before = Counted();
      Bytes bytes = before;
      EXPECT_EQ(cell_memmove(&bytes[to], &bytes[from], 19), &bytes[to]);
      for (size_t i = 0; i < 19; i++) EXPECT_EQ(bytes[to + i], before[from + i]);
    }
  }
}

TEST(CellRuntimeTest, Memset_EachLength_SetsExactlyThat) {
  for (size_t length = 0; length <= 40; length++) {
    Bytes target = {};
    EXPECT_EQ(cell_memset(&target[5], 0x1a5, length), &target[5]);
    for (size_t i = 0; i < target.size(); i++) {
      EXPECT_EQ(target[i], i >= 5 && i < 5 + length ? 0xa5 : 0);
    }
  }
}

TEST(CellRuntimeTest, Memcmp_FirstDifference_Decides) {
  const Bytes a = Counted();
  Bytes b = a;
  b[7] = 0xff;
  EXPECT_EQ(cell_memcmp(&a, &b, 7), 0);
  EXPECT_LT(cell_memcmp(&a, &b, 8), 0);
  EXPECT_GT(cell_memcmp(&b, &a, 64), 0);
}

}  // namespace
