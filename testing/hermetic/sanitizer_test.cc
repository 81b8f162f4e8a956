// The _asan twin of a host_test ends a program that errs, with the line where it did.

#include <gtest/gtest.h>

#include <cstdlib>

namespace {

#if __has_feature(address_sanitizer)

char read_byte(const volatile char *byte) { return *byte; }  // line 11
int add(int a, int b) { return a + b; }                      // line 12

TEST(SanitizerTest, Read_OfFreedMemory_IsReportedWithItsLine) {
  char *volatile byte = static_cast<char *>(std::malloc(8));
  std::free(byte);
  EXPECT_DEATH(read_byte(byte), "heap-use-after-free(.|\n)*sanitizer_test.cc:11");
}

TEST(SanitizerTest, Addition_ThatOverflows_IsReportedWithItsLine) {
  EXPECT_DEATH(add(2147483647, 1), "sanitizer_test.cc:12:.*signed integer overflow");
}

#else

TEST(SanitizerTest, PlainBuild_HasNoSanitizer) { SUCCEED(); }

#endif

}  // namespace
