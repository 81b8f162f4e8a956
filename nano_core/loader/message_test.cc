// SPDX-License-Identifier: MIT
#include "nano_core/loader/message.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace {

TEST(MessageTest, Appends_TextAndNumbers) {
  message_t message = {};
  message_text(&message, TEXT("a "));
  message_decimal(&message, 0);
  message_text(&message, TEXT(" b "));
  message_decimal(&message, UINT64_MAX);
  message_text(&message, TEXT(" c "));
  message_hexadecimal(&message, 0xdeadbeef12345678);
  message_hexadecimal(&message, 0);
  EXPECT_STREQ(message.text, "a 0 b 18446744073709551615 c 0xdeadbeef123456780x0");
  message_clear(&message);
  EXPECT_STREQ(message.text, "");
}

TEST(MessageTest, Text_TooLong_IsCutOffAndTerminated) {
  message_t message = {};
  const std::string half(100, 'x');
  message_text(&message, {half.data(), half.size()});
  message_text(&message, {half.data(), half.size()});
  EXPECT_EQ(std::string(message.text), std::string(kMessageBytes - 1, 'x'));
  message_decimal(&message, 7);
  EXPECT_EQ(std::string(message.text), std::string(kMessageBytes - 1, 'x'));
}

TEST(MessageTest, Text_UnterminatedMessage_StaysInside) {
  message_t message;
  std::memset(message.text, 'y', sizeof(message.text));
  message_text(&message, TEXT("more"));
  EXPECT_EQ(std::string(message.text), std::string(kMessageBytes - 1, 'y'));
}

TEST(MessageTest, Text_NotPrintable_IsOneLineOfQuestionMarks) {
  message_t message = {};
  message_text(&message, TEXT("a\n\x1b[31m\x7f\xc3\xa4z"));
  EXPECT_STREQ(message.text, "a??[31m???z");
}

TEST(MessageTest, Refuse_ReplacesAndIsBadObject) {
  message_t message = {};
  message_text(&message, TEXT("old"));
  EXPECT_TRUE(status_is(message_refuse(&message, TEXT("symbol "), TEXT("x"), TEXT(": no")),
                        STATUS_BAD_OBJECT));
  EXPECT_STREQ(message.text, "symbol x: no");
  EXPECT_TRUE(status_is(message_refuse_number(&message, TEXT("line "), 12, TEXT(": no")),
                        STATUS_BAD_OBJECT));
  EXPECT_STREQ(message.text, "line 12: no");
}

}  // namespace
