// SPDX-License-Identifier: MIT
#include "patterns/command.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace {

std::string String(text_t text) { return std::string(text.data, text.length); }

command_t Command(const std::string &line) {
  command_t command = {};
  memcpy(command.line, line.data(), line.size());
  command.line_length = static_cast<uint32_t>(line.size());
  return command;
}

std::string Output(const command_t &command) {
  return std::string(command.output, command.output_length);
}

TEST(CommandTest, Word_ManyBlanks_AreSkipped) {
  const command_t command = Command("  swap   keyboard  new.o ");
  EXPECT_EQ(command_words(&command), 3u);
  EXPECT_EQ(String(command_word(&command, 0)), "swap");
  EXPECT_EQ(String(command_word(&command, 2)), "new.o");
  EXPECT_EQ(command_word(&command, 3).length, 0u);
}

TEST(CommandTest, Words_EmptyLine_AreNone) {
  const command_t empty = Command("");
  const command_t blank = Command("   ");
  EXPECT_EQ(command_words(&empty), 0u);
  EXPECT_EQ(command_words(&blank), 0u);
}

TEST(CommandTest, Column_Text_IsPaddedByAtLeastOneBlank) {
  command_t command = {};
  command_column(&command, TEXT("ab"), 4);
  command_column(&command, TEXT("longer"), 3);
  command_column_decimal(&command, 42, 3);
  command_column(&command, TEXT(""), 1);
  command_end_row(&command);
  EXPECT_EQ(Output(command), "ab   longer 42  -\n");
}

TEST(CommandTest, ColumnAddress_Any_Has16Digits) {
  command_t command = {};
  command_column_address(&command, {0xffffffff80001000});
  EXPECT_EQ(Output(command), "0xffffffff80001000 ");
}

TEST(CommandTest, Put_FullBuffer_IsCut) {
  command_t command = {};
  for (int i = 0; i < 200; i++) command_put(&command, TEXT("0123456789"));
  EXPECT_EQ(command.output_length, static_cast<uint32_t>(kCommandOutputBytes));
  EXPECT_FALSE(command_has_room(&command));
}

TEST(CommandTest, HasRoom_UntilARowMightNotFit) {
  command_t command = {};
  command.output_length = kCommandOutputBytes - kCommandRowBytes;
  EXPECT_TRUE(command_has_room(&command));
  command.output_length++;
  EXPECT_FALSE(command_has_room(&command));
}

TEST(CommandTest, Refuse_LongTexts_AreCutAndTerminated) {
  command_t command = {};
  const std::string longer(300, 'x');
  const status_t status = command_refuse(&command, ERR(NOT_FOUND), TEXT("no "),
                                         {longer.data(), longer.size()}, TEXT(" is there"));
  EXPECT_TRUE(status_is(status, STATUS_NOT_FOUND));
  EXPECT_EQ(strlen(command.message), static_cast<size_t>(kMessageBytes - 1));
}

TEST(CommandTest, Number_Bad_NamesTheWord) {
  command_t command = Command("call a b 12x 99999999999999999999");
  EXPECT_TRUE(status_is(command_number(&command, 3).status, STATUS_INVALID_ARGUMENT));
  EXPECT_STREQ(command.message, "12x is not a number");
  EXPECT_TRUE(status_is(command_number(&command, 4).status, STATUS_INVALID_ARGUMENT));
  EXPECT_STREQ(command.message, "99999999999999999999 does not fit into 64 bits");
}

TEST(CommandTest, Field_WithoutTerminator_IsWhole) {
  const char full[3] = {'a', 'b', 'c'};
  EXPECT_EQ(String(COMMAND_FIELD(full)), "abc");
}

}  // namespace
