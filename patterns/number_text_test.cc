// SPDX-License-Identifier: MIT
#include "patterns/number_text.h"

#include <gtest/gtest.h>

#include <string>

#include "patterns/status_text.h"

namespace {

std::string Decimal(uint64_t value) {
  char text[kNumberTextDecimalDigits];
  const size_result_t length = number_text_decimal(SPAN_OF(text_buffer, text), value);
  EXPECT_TRUE(status_is_ok(length.status));
  return std::string(text, length.value);
}

std::string Hexadecimal(uint64_t value, uint64_t digits) {
  char text[kNumberTextHexadecimalDigits];
  const size_result_t length = number_text_hexadecimal(SPAN_OF(text_buffer, text), value, digits);
  EXPECT_TRUE(status_is_ok(length.status));
  return std::string(text, length.value);
}

u64_result_t Parse(const std::string &text) {
  return number_text_parse({text.data(), text.size()});
}

TEST(NumberTextTest, Decimal_Limits_AreExact) {
  EXPECT_EQ(Decimal(0), "0");
  EXPECT_EQ(Decimal(10), "10");
  EXPECT_EQ(Decimal(UINT64_MAX), "18446744073709551615");
}

TEST(NumberTextTest, Decimal_NoRoom_IsNoSpaceAndNothingWritten) {
  char text[2] = {'x', 'y'};
  const size_result_t length = number_text_decimal(SPAN_OF(text_buffer, text), 100);
  EXPECT_TRUE(status_is(length.status, STATUS_NO_SPACE));
  EXPECT_EQ(text[0], 'x');
}

TEST(NumberTextTest, Hexadecimal_Digits_FillUp) {
  EXPECT_EQ(Hexadecimal(0, 1), "0");
  EXPECT_EQ(Hexadecimal(0xabc, 1), "abc");
  EXPECT_EQ(Hexadecimal(0xabc, 6), "000abc");
  EXPECT_EQ(Hexadecimal(UINT64_MAX, 16), "ffffffffffffffff");
  char text[4];
  EXPECT_TRUE(status_is(number_text_hexadecimal(SPAN_OF(text_buffer, text), 1, 0).status,
                        STATUS_INVALID_ARGUMENT));
  EXPECT_TRUE(status_is(number_text_hexadecimal(SPAN_OF(text_buffer, text), 1, 17).status,
                        STATUS_INVALID_ARGUMENT));
  EXPECT_TRUE(status_is(number_text_hexadecimal(SPAN_OF(text_buffer, text), 0x12345, 1).status,
                        STATUS_NO_SPACE));
}

TEST(NumberTextTest, Parse_Numbers_AreRead) {
  EXPECT_EQ(Parse("0").value, 0u);
  EXPECT_EQ(Parse("18446744073709551615").value, UINT64_MAX);
  EXPECT_EQ(Parse("0xFf").value, 255u);
  EXPECT_EQ(Parse("-1").value, UINT64_MAX);
  EXPECT_EQ(Parse("-0x10").value, uint64_t{0} - 16);
  EXPECT_EQ(Parse("-9223372036854775808").value, UINT64_C(1) << 63);
}

TEST(NumberTextTest, Parse_NoNumber_IsInvalidArgument) {
  for (const char *text : {"", "-", "0x", "-0x", "1 ", "a", "12a", "0xg", "--1", "+1"}) {
    EXPECT_TRUE(status_is(Parse(text).status, STATUS_INVALID_ARGUMENT)) << text;
  }
}

TEST(NumberTextTest, Parse_TooLarge_IsOutOfRange) {
  for (const char *text : {"18446744073709551616", "0x10000000000000000", "-9223372036854775809",
                           "99999999999999999999999"}) {
    EXPECT_TRUE(status_is(Parse(text).status, STATUS_OUT_OF_RANGE)) << text;
  }
}

TEST(StatusTextTest, Name_EveryNumber_IsTheVocabularys) {
  EXPECT_TRUE(text_equal(status_text_name(OK), TEXT("OK")));
  EXPECT_TRUE(text_equal(status_text_name(ERR(INTERNAL)), TEXT("INTERNAL")));
  EXPECT_TRUE(text_equal(status_text_name({999}), TEXT("INTERNAL")));
  EXPECT_TRUE(
      text_equal(status_text_meaning(ERR(STALE)), TEXT("an older copy, token or generation")));
}

}  // namespace
