// SPDX-License-Identifier: MIT
#include "cells/formatting/formatting.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace {

class FormattingTest : public ::testing::Test {
 protected:
  text_buffer_t Room(size_t length) { return {text_, length}; }
  std::string Written(size_result_t length) {
    EXPECT_TRUE(status_is_ok(length.status));
    return std::string(text_, length.value);
  }
  char text_[32] = {};
};

TEST_F(FormattingTest, Decimal_Value_IsWritten) {
  EXPECT_EQ(Written(formatting_decimal(Room(20), UINT64_MAX)), "18446744073709551615");
  EXPECT_TRUE(status_is(formatting_decimal(Room(1), 10).status, STATUS_NO_SPACE));
}

TEST_F(FormattingTest, Signed_Limits_AreExact) {
  EXPECT_EQ(Written(formatting_signed(Room(20), INT64_MIN)), "-9223372036854775808");
  EXPECT_EQ(Written(formatting_signed(Room(20), INT64_MAX)), "9223372036854775807");
  EXPECT_EQ(Written(formatting_signed(Room(20), -7)), "-7");
  EXPECT_TRUE(status_is(formatting_signed(Room(1), -7).status, STATUS_NO_SPACE));
  EXPECT_TRUE(status_is(formatting_signed(Room(0), -7).status, STATUS_NO_SPACE));
}

TEST_F(FormattingTest, Hexadecimal_Value_IsWritten) {
  EXPECT_EQ(Written(formatting_hexadecimal(Room(20), 0xbeef, 8)), "0000beef");
  EXPECT_TRUE(status_is(formatting_hexadecimal(Room(20), 1, 0).status, STATUS_INVALID_ARGUMENT));
}

TEST_F(FormattingTest, Padded_Text_IsFilledWithBlanks) {
  EXPECT_EQ(Written(formatting_padded(Room(8), TEXT("ab"), 4)), "ab  ");
  EXPECT_EQ(Written(formatting_padded(Room(8), TEXT("abcdef"), 4)), "abcdef");
  EXPECT_TRUE(status_is(formatting_padded(Room(3), TEXT("ab"), 4).status, STATUS_NO_SPACE));
  EXPECT_TRUE(
      status_is(formatting_padded(Room(3), TEXT("ab"), UINT64_MAX).status, STATUS_NO_SPACE));
}

TEST_F(FormattingTest, Parse_Text_IsRead) {
  EXPECT_EQ(formatting_parse(TEXT("-3")).value, uint64_t{0} - 3);
  EXPECT_EQ(formatting_parse(TEXT("0x10")).value, 16u);
  EXPECT_TRUE(status_is(formatting_parse(TEXT("1O")).status, STATUS_INVALID_ARGUMENT));
}

}  // namespace
