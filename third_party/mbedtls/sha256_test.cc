// The pinned SHA-256 on the published examples (FIPS 180-4).

#include <gtest/gtest.h>
#include <mbedtls/sha256.h>

#include <array>
#include <cstdio>
#include <string>

namespace {

std::string sha256(const std::string &text) {
  std::array<unsigned char, 32> hash;
  mbedtls_sha256_ret(reinterpret_cast<const unsigned char *>(text.data()), text.size(), hash.data(),
                     0);
  std::string hex;
  for (const unsigned char byte : hash) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", byte);
    hex += digits;
  }
  return hex;
}

TEST(Sha256Test, EmptyText) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256Test, Abc) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Test, AMillionTimesA) {
  EXPECT_EQ(sha256(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
