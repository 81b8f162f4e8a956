// SPDX-License-Identifier: MIT
#include "nano_core/loader/sha256.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace {

std::string digest_of(const std::string &text, size_t piece) {
  const bytes_t bytes = {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
  sha256_t hash = {};
  uint8_t digest[kSha256Bytes] = {};
  sha256_start(&hash);
  for (size_t i = 0; i < bytes.length; i += piece) {
    sha256_update(&hash, bytes_slice(bytes, i, std::min(piece, bytes.length - i)));
  }
  sha256_finish(&hash, digest);
  std::string digits;
  for (const uint8_t byte : digest) {
    char two[3];
    std::snprintf(two, sizeof(two), "%02x", byte);
    digits += two;
  }
  return digits;
}

// FIPS 180-2, appendix B.
TEST(Sha256Test, KnownAnswers) {
  EXPECT_EQ(digest_of("", 1), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digest_of("abc", 3),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest_of(std::string(1000000, 'a'), 1000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, Pieces_DoNotMatter) {
  const std::string text(300, 'q');
  for (const size_t piece : {1, 63, 64, 65, 299}) {
    EXPECT_EQ(digest_of(text, piece), digest_of(text, 300)) << piece;
  }
}

}  // namespace
