// SPDX-License-Identifier: MIT
#include "patterns/line_editor.h"

#include <gtest/gtest.h>

#include <string>

namespace {

constexpr size_t kLine = 32;

// An editor and the screen line that it draws on.
class LineEditorTest : public ::testing::Test {
 protected:
  void Key(uint32_t key) {
    char echo[4 * kLine];
    line_edit_t edit = {SPAN_OF(text_buffer, line_), SPAN_OF(text_buffer, draft_),
                        SPAN_OF(text_buffer, echo), 0};
    line_editor_apply(&editor_, &edit, key);
    for (size_t i = 0; i < edit.echo_length; i++) Draw(echo[i]);
    EXPECT_EQ(column_, editor_.cursor) << "the screen's cursor is where the editor's is";
    EXPECT_EQ(Screen(), Line());
  }

  void Type(const std::string &text) {
    for (const char character : text) Key(static_cast<uint8_t>(character));
  }

  // As end of line: the owner remembers it and begins anew, on a fresh screen line.
  void Enter() {
    line_editor_remember(&editor_, {line_, editor_.length});
    line_editor_reset(&editor_);
    screen_.clear();
    column_ = 0;
  }

  void Draw(char character) {
    if (character == '\b') {
      ASSERT_GT(column_, 0u);
      column_--;
      return;
    }
    if (column_ == screen_.size()) screen_ += ' ';
    screen_[column_++] = character;
  }

  std::string Line() const { return std::string(line_, editor_.length); }
  std::string Screen() const {
    std::string text = screen_;
    while (text.size() > editor_.length && text.back() == ' ') text.pop_back();
    return text;
  }

  line_editor_t editor_ = {};
  char line_[kLine] = {};
  char draft_[kLine] = {};
  std::string screen_;
  size_t column_ = 0;
};

TEST_F(LineEditorTest, Apply_Characters_AreInserted) {
  Type("hello");
  Key(kLineEditorHome);
  Type("o");
  Key(kLineEditorRight);
  Type("-");
  EXPECT_EQ(Line(), "oh-ello");
}

TEST_F(LineEditorTest, Apply_BackspaceAndDelete_Remove) {
  Type("abcd");
  Key(0x7f);
  Key(kLineEditorLeft);
  Key(0x08);
  EXPECT_EQ(Line(), "ac");
  Key(kLineEditorDelete);
  EXPECT_EQ(Line(), "a");
  Key(kLineEditorDelete);
  Key(kLineEditorHome);
  Key(0x08);
  EXPECT_EQ(Line(), "a");
}

TEST_F(LineEditorTest, Apply_ControlKeys_MoveAndKill) {
  Type("one two");
  Key(0x01);
  Key(kLineEditorRight);
  Key(kLineEditorRight);
  Key(kLineEditorRight);
  Key(0x0b);
  EXPECT_EQ(Line(), "one");
  Key(kLineEditorLeft);
  Key(0x15);
  EXPECT_EQ(Line(), "e");
  Key(0x05);
  Type("!");
  EXPECT_EQ(Line(), "e!");
  Key(0x04);
  EXPECT_EQ(Line(), "e!");
}

TEST_F(LineEditorTest, Apply_FullLine_IsMarked) {
  Type(std::string(kLine, 'x'));
  EXPECT_EQ(editor_.overflow, 0u);
  Type("y");
  EXPECT_EQ(editor_.overflow, 1u);
  EXPECT_EQ(Line(), std::string(kLine, 'x'));
}

TEST_F(LineEditorTest, Apply_EdgeKeys_DoNothing) {
  Key(kLineEditorLeft);
  Key(kLineEditorRight);
  Key(kLineEditorDown);
  Key(kLineEditorUp);
  Key(0x7f);
  Key(0x0c);
  Key(0x90);
  EXPECT_EQ(Line(), "");
}

TEST_F(LineEditorTest, Apply_UpAndDown_WalkHistoryAndKeepTheDraft) {
  Type("first");
  Enter();
  Type("second one");
  Enter();
  Type("draft");
  Key(kLineEditorUp);
  EXPECT_EQ(Line(), "second one");
  Key(kLineEditorUp);
  EXPECT_EQ(Line(), "first");
  Key(kLineEditorUp);
  EXPECT_EQ(Line(), "first");
  Key(kLineEditorDown);
  Key(kLineEditorDown);
  EXPECT_EQ(Line(), "draft");
  Key(kLineEditorDown);
  EXPECT_EQ(Line(), "draft");
}

TEST_F(LineEditorTest, Remember_SameLine_OnlyOnce) {
  for (int i = 0; i < 3; i++) {
    Type("again");
    Enter();
  }
  Enter();
  Key(kLineEditorUp);
  Key(kLineEditorUp);
  EXPECT_EQ(editor_.place, 1u);
}

TEST_F(LineEditorTest, Remember_Full_ForgetsTheOldest) {
  for (int i = 0; i < 200; i++) {
    Type("line number " + std::to_string(i));
    Enter();
    EXPECT_LE(editor_.history_length, static_cast<uint32_t>(kLineEditorHistoryBytes));
  }
  Key(kLineEditorUp);
  EXPECT_EQ(Line(), "line number 199");
  for (int i = 0; i < 100; i++) Key(kLineEditorUp);
  EXPECT_EQ(editor_.place, 40u);  // 640 bytes hold 40 lines of 16
}

TEST_F(LineEditorTest, Decode_EscapeSequences_BecomeKeys) {
  const auto decode = [this](const std::string &text) {
    uint32_t key = 0;
    for (const char character : text) {
      key = line_editor_decode(&editor_, static_cast<uint8_t>(character));
    }
    return key;
  };
  EXPECT_EQ(decode("a"), static_cast<uint32_t>('a'));
  EXPECT_EQ(decode("\x1b[A"), static_cast<uint32_t>(kLineEditorUp));
  EXPECT_EQ(decode("\x1bOB"), static_cast<uint32_t>(kLineEditorDown));
  EXPECT_EQ(decode("\x1b[1;5D"), static_cast<uint32_t>(kLineEditorLeft));
  EXPECT_EQ(decode("\x1b[C"), static_cast<uint32_t>(kLineEditorRight));
  EXPECT_EQ(decode("\x1b[3~"), static_cast<uint32_t>(kLineEditorDelete));
  EXPECT_EQ(decode("\x1b[3;5~"), static_cast<uint32_t>(kLineEditorDelete));
  EXPECT_EQ(decode("\x1b[24;80R"), static_cast<uint32_t>(kLineEditorReport));
  EXPECT_EQ(editor_.first, 24u);
  EXPECT_EQ(editor_.parameter, 80u);
  EXPECT_EQ(decode("\x1b[1~"), static_cast<uint32_t>(kLineEditorHome));
  EXPECT_EQ(decode("\x1b[8~"), static_cast<uint32_t>(kLineEditorEnd));
  EXPECT_EQ(decode("\x1b[99999999999Z"), 0u);
  EXPECT_EQ(decode("\x1bx"), 0u);
  EXPECT_EQ(decode("z"), static_cast<uint32_t>('z'));
  EXPECT_EQ(decode(std::string(1, '\0') + "\x03"), 3u);
}

}  // namespace
