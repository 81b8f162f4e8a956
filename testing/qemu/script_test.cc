// SPDX-License-Identifier: MIT
#include "testing/qemu/script.h"

#include <gtest/gtest.h>

namespace qemu {
namespace {

using Kind = Step::Kind;

Step Only(std::string_view line) {
  const auto script = ParseScript(line);
  EXPECT_TRUE(script.ok()) << script.problem;
  EXPECT_EQ(script.value.size(), 1u);
  return script.value.empty() ? Step{} : script.value[0];
}

std::string ProblemOf(std::string_view text) { return ParseScript(text).problem; }

TEST(ScriptTest, ParseScript_CommentsAndBlanks_GiveNoStep) {
  const auto script = ParseScript("# one\n\n   \n#two\r\n  cells  \r\n");
  ASSERT_TRUE(script.ok());
  ASSERT_EQ(script.value.size(), 1u);
  EXPECT_EQ(script.value[0].text, "cells");
  EXPECT_EQ(script.value[0].line, 5);
}

TEST(ScriptTest, ParseScript_LastLineWithoutEnd_Counts) {
  EXPECT_EQ(ParseScript("a\nb").value.size(), 2u);
}

TEST(ScriptTest, ParseScript_Screen_IsRead) {
  EXPECT_EQ(Only("@expect-screen a b ").kind, Kind::kScreen);
  EXPECT_EQ(Only("@expect-screen a b ").text, "a b");
  EXPECT_EQ(Only("@screenshot shell.png").kind, Kind::kPicture);
  EXPECT_NE(ProblemOf("@expect-screen"), "");
  EXPECT_NE(ProblemOf("@screenshot "), "");
}

TEST(ScriptTest, ParseScript_NoShell_ComesFirstAndTakesNoCommand) {
  EXPECT_TRUE(ParseScript("# why\n@no-shell\n@wait x\n@expect y\n").ok());
  EXPECT_EQ(ProblemOf("@wait x\n@no-shell"), "line 2: @no-shell comes first");
  EXPECT_NE(ProblemOf("@no-shell\nhelp"), "");
  EXPECT_NE(ProblemOf("@no-shell\n@start help\n@finish"), "");
  EXPECT_NE(ProblemOf("@no-shell x"), "");
}

TEST(ScriptTest, ParseScript_Bang_MustFail) {
  const Step step = Only("! load nothing");
  EXPECT_TRUE(step.must_fail);
  EXPECT_EQ(step.text, "load nothing");
  EXPECT_FALSE(Only("!load").must_fail);
  EXPECT_NE(ProblemOf("! "), "");
}

TEST(ScriptTest, ParseScript_Sleep_TakesMilliseconds) {
  EXPECT_EQ(Only("@sleep 250").duration, std::chrono::milliseconds(250));
  for (const char *bad : {"@sleep", "@sleep x", "@sleep -1", "@sleep 1 2", "@sleep 99999999999"}) {
    EXPECT_NE(ProblemOf(bad), "") << bad;
  }
}

TEST(ScriptTest, ParseScript_Type_UndoesEscapesAndKeepsBlanks) {
  const Step step = Only("@type a \\n\\\\n ");
  EXPECT_EQ(step.kind, Kind::kStrokes);
  const std::vector<Stroke> expected = {{"a"}, {"spc"}, {"ret"}, {"backslash"}, {"n"}, {"spc"}};
  EXPECT_EQ(step.strokes, expected);
}

TEST(ScriptTest, ParseScript_TypeNothing_IsRefused) {
  EXPECT_NE(ProblemOf("@type"), "");
  EXPECT_NE(ProblemOf("@type \xc3\xa4"), "");
}

TEST(ScriptTest, ParseScript_Send_KeepsBlanksAndUndoesEscapes) {
  const Step step = Only("@send a\\e[A\\s\\t\\x ");
  EXPECT_EQ(step.kind, Kind::kSend);
  EXPECT_EQ(step.text, "a\x1b[A \t\\x ");
  EXPECT_NE(ProblemOf("@send"), "");
}

TEST(ScriptTest, ParseScript_Mouse_TakesMovementAndButtons) {
  const Step step = Only("@mouse -5  3 lr");
  EXPECT_EQ(step.kind, Kind::kMouse);
  EXPECT_EQ(step.right, -5);
  EXPECT_EQ(step.down, 3);
  EXPECT_EQ(step.text, "lr");
  EXPECT_EQ(Only("@mouse 0 0").text, "");
  for (const char *bad : {"@mouse", "@mouse 1", "@mouse 1 x", "@mouse 1 1001", "@mouse 1 2 lx",
                          "@mouse 1 2 l 3", "@mouse - 1"}) {
    EXPECT_NE(ProblemOf(bad), "") << bad;
  }
}

TEST(ScriptTest, ParseScript_Channel_TakesText) {
  EXPECT_EQ(Only("@channel-send two words").text, "two words");
  EXPECT_EQ(Only("@channel-wait x").kind, Kind::kChannelWait);
  EXPECT_EQ(Only("@channel-echo").kind, Kind::kChannelEcho);
  for (const char *bad : {"@channel-send", "@channel-wait", "@channel-echo x", "@channel x"}) {
    EXPECT_NE(ProblemOf(bad), "") << bad;
  }
}

TEST(ScriptTest, ParseScript_Key_TakesSeveralNames) {
  EXPECT_EQ(Only("@key ctrl-c  ret").strokes, (std::vector<Stroke>{{"ctrl", "c"}, {"ret"}}));
  EXPECT_NE(ProblemOf("@key"), "");
  EXPECT_NE(ProblemOf("@key nope"), "");
}

TEST(ScriptTest, ParseScript_Checks_KeepTheirText) {
  EXPECT_EQ(Only("@expect  two  words ").text, "two  words");
  EXPECT_EQ(Only("@expect-not x").kind, Kind::kExpectNot);
  EXPECT_EQ(Only("@match ^a+$").kind, Kind::kMatch);
  EXPECT_EQ(Only("@wait x").kind, Kind::kWait);
  for (const char *bad : {"@expect", "@expect-not ", "@match", "@wait", "@match ("}) {
    EXPECT_NE(ProblemOf(bad), "") << bad;
  }
}

TEST(ScriptTest, ParseScript_Start_WantsFinishBeforeTheNextCommand) {
  EXPECT_EQ(ProblemOf("@start a\n@type x\n@wait y\n@finish\nb\n@start c\n@finish\n"), "");
  EXPECT_EQ(ParseScript("@start a b\n@finish").value[0].text, "a b");
  for (const char *bad : {"@start", "@start a", "@start a\nb\n@finish", "@finish",
                          "@start a\n@finish b", "@start a\n@start b\n@finish"}) {
    EXPECT_NE(ProblemOf(bad), "") << bad;
  }
}

TEST(ScriptTest, ParseScript_UnknownWord_NamesLineAndWord) {
  const std::string problem = ProblemOf("cells\n@foo bar\n");
  EXPECT_NE(problem.find("line 2"), std::string::npos);
  EXPECT_NE(problem.find("@foo"), std::string::npos);
}

}  // namespace
}  // namespace qemu
