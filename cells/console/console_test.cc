// SPDX-License-Identifier: MIT
#include "cells/console/console.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "cells/framebuffer/framebuffer.h"
#include "cells/vga_text/vga_text.h"
#include "patterns/text_cell.h"
#include "testing/host/fake_core.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(console_screen, 163840);

namespace {

// A display: what is on it, and what it answers.
struct Display {
  status_t status = OK;
  text_size_t size = {80, 25};
  std::vector<text_cell_t> cells = std::vector<text_cell_t>(300 * 100);
  text_place_t cursor = {};
  int clears = 0, draws = 0, drawn = 0, cursors = 0;
  std::function<void()> before_draw;  // another task, for instance
  std::function<void()> after_draw;

  text_cell_t &At(uint32_t row, uint32_t column) { return cells.at(row * 300 + column); }

  status_t Size(text_size_t *answer) const {
    EXPECT_EQ(host_monitor_depth(), 0u);
    if (status_is_ok(status)) *answer = size;
    return status;
  }
  status_t Clear() {
    EXPECT_EQ(host_monitor_depth(), 0u);
    if (!status_is_ok(status)) return status;
    clears++;
    cells.assign(cells.size(), text_cell(' ', kTextGrey, kTextBlack));
    return OK;
  }
  status_t Draw(uint32_t row, uint32_t column, text_cells_t run) {
    EXPECT_EQ(host_monitor_depth(), 0u);
    EXPECT_GT(run.length, 0u);
    const auto before = std::move(before_draw);
    before_draw = nullptr;
    if (before) before();
    if (!status_is_ok(status)) return status;
    if (row >= size.rows || column + run.length > size.columns) return ERR(OUT_OF_RANGE);
    draws++;
    drawn += static_cast<int>(run.length);
    for (size_t i = 0; i < run.length; i++) {
      At(row, column + static_cast<uint32_t>(i)) = run.data[i];
    }
    const auto after = std::move(after_draw);
    after_draw = nullptr;
    if (after) after();
    return OK;
  }
};

Display framebuffer, vga;

uint32_t Code(status_t status) { return status.code; }

}  // namespace

status_t blob_retain(text_t name) {
  EXPECT_EQ(fake_string(name), "console_screen");
  return OK;
}

status_t framebuffer_size(text_size_t *size) { return framebuffer.Size(size); }
status_t framebuffer_clear(void) { return framebuffer.Clear(); }
status_t framebuffer_draw(uint32_t row, uint32_t column, text_cells_t cells) {
  return framebuffer.Draw(row, column, cells);
}

status_t vga_text_size(text_size_t *size) { return vga.Size(size); }
status_t vga_text_clear(void) { return vga.Clear(); }
status_t vga_text_draw(uint32_t row, uint32_t column, text_cells_t cells) {
  return vga.Draw(row, column, cells);
}
status_t vga_text_cursor(uint32_t row, uint32_t column) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (!status_is_ok(vga.status)) return vga.status;
  vga.cursors++;
  vga.cursor = {row, column};
  return OK;
}

namespace {

using At = std::pair<uint32_t, uint32_t>;

// On a VGA of 80 by 25, unless the test says otherwise.
class ConsoleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(console_screen);
    framebuffer = {};
    vga = {};
    framebuffer.status = ERR(UNSUPPORTED);
    Start();
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  void Start() {
    ASSERT_EQ(Code(console_initialize()), STATUS_OK);
    Write("");
    display_->draws = display_->drawn = display_->cursors = 0;
  }
  // Another machine: a framebuffer of that size.
  void StartOnFramebuffer(text_size_t size) {
    HOST_STATE_CLEAR(console_screen);
    framebuffer = {};
    framebuffer.size = size;
    vga.status = ERR(UNSUPPORTED);
    display_ = &framebuffer;
    Start();
  }
  static void Write(const std::string &text) {
    EXPECT_EQ(Code(console_write({text.data(), text.size()})), STATUS_OK);
  }
  // A row of the screen, less the blanks at its end; others than ASCII as `*`.
  std::string Row(uint32_t row) const {
    std::string text;
    for (uint32_t column = 0; column < display_->size.columns; column++) {
      const uint32_t c = text_cell_character(display_->At(row, column));
      text.push_back(c < 0x7f ? static_cast<char>(c) : '*');
    }
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }
  uint32_t Character(uint32_t row, uint32_t column) const {
    return text_cell_character(display_->At(row, column));
  }
  // Foreground and background.
  At Colours(uint32_t row, uint32_t column) const {
    const text_cell_t cell = display_->At(row, column);
    return {text_cell_foreground(cell), text_cell_background(cell)};
  }
  static At Cursor() { return {vga.cursor.row, vga.cursor.column}; }
  static At Size() {
    console_size_t size = {};
    EXPECT_EQ(Code(console_size(&size)), STATUS_OK);
    return {size.columns, size.rows};
  }

  Display *display_ = &vga;
};

TEST_F(ConsoleTest, Initialize_Always_ClearsTheScreen) {
  EXPECT_EQ(vga.clears, 1);
  for (uint32_t row = 0; row < 25; row++) EXPECT_EQ(Row(row), "");
  EXPECT_EQ(Cursor(), At(0, 0));
}

TEST_F(ConsoleTest, Initialize_Cleared_DrawsNoBlanks) {
  vga = {};
  HOST_STATE_CLEAR(console_screen);
  ASSERT_EQ(Code(console_initialize()), STATUS_OK);
  EXPECT_EQ(vga.clears, 0) << "preemption is held off";
  Write("");
  EXPECT_EQ(vga.clears, 1);
  EXPECT_EQ(vga.drawn, 0);
}

TEST_F(ConsoleTest, Write_Text_DrawsOnlyWhatChanges) {
  Write("hello");
  EXPECT_EQ(Row(0), "hello");
  EXPECT_EQ(Cursor(), At(0, 5));
  EXPECT_EQ(vga.drawn, 5);
  EXPECT_EQ(vga.draws, 1);
  Write("\rhallo");
  EXPECT_EQ(vga.drawn, 6);
}

TEST_F(ConsoleTest, Write_NothingVisible_DrawsNothing) {
  Write(std::string(128, '\0'));
  Write("\x7f\x01");
  EXPECT_EQ(vga.draws + vga.cursors, 0);
  EXPECT_EQ(Cursor(), At(0, 0));
}

TEST_F(ConsoleTest, Write_ControlCharacters_MoveTheCursor) {
  Write("one\ntwo\rT\n12345\b\bx\ta\b");
  EXPECT_EQ(Row(0), "one");
  EXPECT_EQ(Row(1), "Two");
  EXPECT_EQ(Row(2), "123x5   a");
  EXPECT_EQ(Cursor(), At(2, 8));
  Write("\r\b\b");
  EXPECT_EQ(Cursor(), At(2, 0));
}

TEST_F(ConsoleTest, Write_FullLine_WrapsWithTheNextCharacter) {
  Write(std::string(80, 'a'));
  EXPECT_EQ(Cursor(), At(0, 79));
  Write("\n");
  EXPECT_EQ(Cursor(), At(1, 0));
  Write(std::string(81, 'b'));
  EXPECT_EQ(Row(1), std::string(80, 'b'));
  EXPECT_EQ(Row(2), "b");
}

TEST_F(ConsoleTest, Write_PastTheLastRow_Scrolls) {
  for (int i = 0; i < 200; i++) Write("line " + std::to_string(i) + "\n");
  EXPECT_EQ(Row(0), "line 176");
  EXPECT_EQ(Row(23), "line 199");
  EXPECT_EQ(Row(24), "");
  EXPECT_EQ(Cursor(), At(24, 0));
}

TEST_F(ConsoleTest, Write_LongText_ArrivesWhole) {
  std::string text;
  for (int i = 0; i < 500; i++) text += "line " + std::to_string(i) + "\n";
  Write(text);
  EXPECT_EQ(Row(0), "line 476");
  EXPECT_EQ(Row(23), "line 499");
  EXPECT_LE(vga.drawn, 25 * 8) << "lines that scroll away at once are never drawn";
}

TEST_F(ConsoleTest, Write_Utf8_IsOneCharacterEach) {
  Write("\xc3\xa4\xe2\x94\x82x\xf0\x9f\x98\x80y");
  EXPECT_EQ(Character(0, 0), 0xe4u);
  EXPECT_EQ(Character(0, 1), 0x2502u);
  EXPECT_EQ(Character(0, 2), static_cast<uint32_t>('x'));
  EXPECT_EQ(Character(0, 3), 0xfffdu) << "not within 16 bits";
  EXPECT_EQ(Row(0), "**x*y");
}

TEST_F(ConsoleTest, Write_Utf8InParts_IsOneCharacter) {
  Write("\xe2");
  EXPECT_EQ(vga.drawn, 0);
  Write("\x94");
  Write("\x82");
  EXPECT_EQ(Character(0, 0), 0x2502u);
  EXPECT_EQ(Cursor(), At(0, 1));
}

TEST_F(ConsoleTest, Write_BadUtf8_IsReplaced) {
  // Stray, cut off, too long for their code points, a surrogate, a control character, no lead.
  for (const std::string &bad : {std::string("\x80"), std::string("\xc3"), std::string("\xe2\x94"),
                                 std::string("\xe0\x82\xa4"), std::string("\xed\xa0\x80"),
                                 std::string("\xc2\x85"), std::string("\xff")}) {
    Write("\x1b[2J\x1b[H" + bad + "x");
    EXPECT_EQ(Character(0, 0), 0xfffdu) << testing::PrintToString(bad);
    EXPECT_EQ(Row(0), "*x") << testing::PrintToString(bad);
  }
  Write("\x1b[2J\x1b[H\xe2\x1b[31mr");
  EXPECT_EQ(Row(0), "*r");
}

TEST_F(ConsoleTest, Write_EscapeSequences_AreObeyed) {
  Write("\x1b[3;5Hx\x1b[2Ay\x1b[10Dz\x1b[3Bw");
  EXPECT_EQ(Row(2), "    x");
  EXPECT_EQ(Row(0), "z    y");
  EXPECT_EQ(Row(3), " w");
  Write("\x1b[1;1H\x1b[2Ca\x1b[5Gb");
  EXPECT_EQ(Row(0), "z a by");
  Write("\x1b[3G\x1b[K");
  EXPECT_EQ(Row(0), "z");
  Write("\x1b[H\x1b[J");
  for (uint32_t row = 0; row < 25; row++) EXPECT_EQ(Row(row), "");
}

TEST_F(ConsoleTest, Write_EraseForms_EraseTheirPart) {
  Write("abc\ndef\nghi\x1b[2;2H\x1b[1K");
  EXPECT_EQ(Row(1), "  f");
  Write("\x1b[2K");
  EXPECT_EQ(Row(1), "");
  Write("\x1b[1J");
  EXPECT_EQ(Row(0), "");
  EXPECT_EQ(Row(2), "ghi");
  Write("\x1b[2J");
  EXPECT_EQ(Row(2), "");
}

TEST_F(ConsoleTest, Write_EscapeInSeveralParts_IsOneSequence) {
  for (const char *part : {"\x1b", "[", "3", "1", "m", "red"}) Write(part);
  EXPECT_EQ(Row(0), "red");
  EXPECT_EQ(Colours(0, 0), At(kTextRed, kTextBlack));
}

TEST_F(ConsoleTest, Write_Colours_AreThePens) {
  Write("a\x1b[1;32;44mb\x1b[22mc\x1b[7md\x1b[27;95;103me\x1b[39;49mf\x1b[mg\x1b[38;5;12mh");
  EXPECT_EQ(Row(0), "abcdefgh");
  EXPECT_EQ(Colours(0, 0), At(kTextGrey, kTextBlack));
  EXPECT_EQ(Colours(0, 1), At(kTextGreen | kTextBright, kTextBlue));
  EXPECT_EQ(Colours(0, 2), At(kTextGreen, kTextBlue));
  EXPECT_EQ(Colours(0, 3), At(kTextBlue, kTextGreen));
  EXPECT_EQ(Colours(0, 4), At(kTextMagenta | kTextBright, kTextBrown | kTextBright));
  EXPECT_EQ(Colours(0, 5), At(kTextGrey, kTextBlack));
  EXPECT_EQ(Colours(0, 6), At(kTextGrey, kTextBlack));
  EXPECT_EQ(Colours(0, 7), At(12, kTextBlack));
}

TEST_F(ConsoleTest, Write_ColoursItHasNot_AreSkippedWhole) {
  Write("\x1b[38;5;200;31ma\x1b[0;38;2;4;34;41mb\x1b[48;5mc\x1b[5;4;58md\x1b[?25l\x1b[?7he");
  EXPECT_EQ(Row(0), "abcde");
  EXPECT_EQ(Colours(0, 0), At(kTextRed, kTextBlack));
  for (uint32_t i = 1; i < 5; i++) EXPECT_EQ(Colours(0, i), At(kTextGrey, kTextBlack)) << i;
}

TEST_F(ConsoleTest, Write_Erased_HasThePensBackground) {
  Write("\x1b[31;44m\x1b[K");
  EXPECT_EQ(Colours(0, 79).second, static_cast<uint32_t>(kTextBlue));
  Write("\x1b[m\x1b[K");
  EXPECT_EQ(Colours(0, 79), At(kTextGrey, kTextBlack));
}

TEST_F(ConsoleTest, Write_BadSequences_DoNoHarm) {
  Write("\x1b[99999999999;99999999999;1;2;3;4;5;6;7;8;9;10H");
  EXPECT_EQ(Cursor(), At(24, 79));
  Write("\x1b[999A\x1b[999D\x1b[0;0H");
  EXPECT_EQ(Cursor(), At(0, 0));
  Write("\x1b[1;1;1;1;1;1;1;1;31;32m");
  Write("\x1b[12\na");
  EXPECT_EQ(Row(1), "a");
  Write("\x1bQb");
  EXPECT_EQ(Row(1), "ab");
}

TEST_F(ConsoleTest, Clear_Text_IsGone) {
  Write("text\nmore");
  EXPECT_EQ(Code(console_clear()), STATUS_OK);
  EXPECT_EQ(Row(0), "");
  EXPECT_EQ(Row(1), "");
  EXPECT_EQ(Cursor(), At(0, 0));
}

TEST_F(ConsoleTest, Size_Vga_IsEightyByTwentyFive) { EXPECT_EQ(Size(), At(80, 25)); }

TEST_F(ConsoleTest, Size_Framebuffer_IsItsOwn) {
  StartOnFramebuffer({128, 48});
  EXPECT_EQ(Size(), At(128, 48));
  Write("\x1b[48;128Hx");
  EXPECT_EQ(Character(47, 127), static_cast<uint32_t>('x'));
}

TEST_F(ConsoleTest, Size_LargerThanTheGrid_IsTheGrids) {
  StartOnFramebuffer({300, 100});
  EXPECT_EQ(Size(), At(240, 75));
  for (int i = 0; i < 200; i++) Write("line " + std::to_string(i) + "\n");
  Write(std::string(240, 'x'));
  EXPECT_EQ(Row(0), "line 126");
  EXPECT_EQ(Row(74), std::string(240, 'x'));
}

TEST_F(ConsoleTest, Size_OneCell_StillWorks) {
  StartOnFramebuffer({1, 1});
  Write("abc\n\x1b[5;5Hx\x1b[J\x1b[1J\ty\b\bz");
  EXPECT_EQ(Character(0, 0), static_cast<uint32_t>('z'));
}

TEST_F(ConsoleTest, Write_OnFramebuffer_ShowsTheCursorReversed) {
  StartOnFramebuffer({128, 48});
  EXPECT_EQ(Colours(0, 0), At(kTextBlack, kTextGrey));
  Write("ab");
  EXPECT_EQ(Colours(0, 0), At(kTextGrey, kTextBlack));
  EXPECT_EQ(Colours(0, 2), At(kTextBlack, kTextGrey));
  Write("\x1b[1;1H");
  EXPECT_EQ(Colours(0, 0), At(kTextBlack, kTextGrey));
  EXPECT_EQ(Character(0, 0), static_cast<uint32_t>('a'));
  EXPECT_EQ(Colours(0, 2), At(kTextGrey, kTextBlack));
  EXPECT_EQ(framebuffer.cursors, 0);
  EXPECT_EQ(vga.draws, 0);
}

TEST_F(ConsoleTest, Write_OnFramebufferScrolling_LeavesOneCursor) {
  StartOnFramebuffer({20, 5});
  for (int i = 0; i < 9; i++) Write("line " + std::to_string(i) + "\n");
  int reversed = 0;
  for (uint32_t row = 0; row < 5; row++) {
    for (uint32_t column = 0; column < 20; column++) {
      reversed += Colours(row, column) == At(kTextBlack, kTextGrey);
    }
  }
  EXPECT_EQ(reversed, 1);
  EXPECT_EQ(Row(0), "line 5");
}

TEST_F(ConsoleTest, Write_NoDisplay_IsKeptForTheNextOne) {
  HOST_STATE_CLEAR(console_screen);
  vga.status = ERR(UNSUPPORTED);
  ASSERT_EQ(Code(console_initialize()), STATUS_OK);
  Write("early\n");
  EXPECT_EQ(Size(), At(80, 25));
  framebuffer.status = OK;
  framebuffer.size = {128, 48};
  display_ = &framebuffer;
  Write("late");
  EXPECT_EQ(Row(0), "early");
  EXPECT_EQ(Row(1), "late");
  EXPECT_EQ(Size(), At(128, 48));
}

TEST_F(ConsoleTest, Write_DisplayGone_IsDrawnLater) {
  Write("one\n");
  for (const status_t status : {ERR(UNAVAILABLE), ERR(FAULT), ERR(BUSY)}) {
    vga.status = status;
    Write("lost?\n");
    vga.status = OK;
  }
  Write("x");
  for (uint32_t row = 1; row < 4; row++) EXPECT_EQ(Row(row), "lost?");
  EXPECT_EQ(Row(4), "x");
  EXPECT_EQ(vga.clears, 1) << "it is still the same display";
}

TEST_F(ConsoleTest, Write_DisplayOfAnotherSize_IsTakenIntoUse) {
  StartOnFramebuffer({80, 25});
  for (int i = 0; i < 24; i++) Write("line " + std::to_string(i) + "\n");
  framebuffer.size = {40, 10};
  Write("end");
  Write("");
  EXPECT_EQ(Size(), At(40, 10));
  EXPECT_EQ(Row(0), "line 15");
  EXPECT_EQ(Row(9), "end");
  framebuffer.size = {50, 12};
  framebuffer.status = ERR(UNSUPPORTED);
  Write("\n");
  framebuffer.status = OK;
  Write("more");
  EXPECT_EQ(Size(), At(50, 12));
  EXPECT_EQ(Row(0), "line 16");
  EXPECT_EQ(Row(8), "end");
  EXPECT_EQ(Row(9), "more");
}

TEST_F(ConsoleTest, Write_DisplayWithoutCells_IsNone) {
  StartOnFramebuffer({0, 0});
  Write("x");
  EXPECT_EQ(Size(), At(80, 25));
}

TEST_F(ConsoleTest, Initialize_Again_KeepsTheText) {
  Write("one\n\x1b[31mtwo");
  EXPECT_EQ(Code(vga.Clear()), STATUS_OK);
  Start();
  EXPECT_EQ(Row(0), "one");
  EXPECT_EQ(Row(1), "two");
  Write("!");
  EXPECT_EQ(Row(1), "two!");
  EXPECT_EQ(Colours(1, 3), At(kTextRed, kTextBlack));
}

TEST_F(ConsoleTest, Redraw_Spoilt_DrawsEveryCell) {
  Write("text");
  vga.cells.assign(vga.cells.size(), text_cell('#', 1, 1));
  vga.drawn = 0;
  EXPECT_EQ(Code(console_redraw()), STATUS_OK);
  EXPECT_EQ(vga.drawn, 2000);
  EXPECT_EQ(Row(0), "text");
  EXPECT_EQ(Row(24), "");
}

TEST_F(ConsoleTest, Write_WhileAnotherDraws_IsDrawnByIt) {
  int draws = 0;
  vga.before_draw = [&] {
    Write(" and me\nme too");
    draws = vga.draws;
  };
  Write("draw me");
  EXPECT_EQ(draws, 0) << "the other one draws";
  EXPECT_EQ(Row(0), "draw me and me");
  EXPECT_EQ(Row(1), "me too");
  EXPECT_EQ(Cursor(), At(1, 6));
}

TEST_F(ConsoleTest, Write_ChangedWhileDrawn_ShowsTheNewText) {
  vga.before_draw = [] { Write("\rnew"); };
  Write("old");
  EXPECT_EQ(Row(0), "new");
  vga.after_draw = [] { Write("\rnow"); };
  Write("\rabc");
  EXPECT_EQ(Row(0), "now");
}

// The one who draws never comes back: its call was ended by a fault.
TEST_F(ConsoleTest, Write_AfterDrawerDied_GoesOn) {
  struct Fault {};
  vga.before_draw = [] { throw Fault(); };
  EXPECT_THROW(Write("one"), Fault);
  for (int i = 0; i < 17; i++) Write(".");
  EXPECT_EQ(Row(0), "one" + std::string(17, '.'));
  Write("x");
  EXPECT_EQ(Row(0), "one" + std::string(17, '.') + "x");
}

// The one who draws was only slow: its old characters reach the display after the new ones.
TEST_F(ConsoleTest, Write_LateDrawer_IsDrawnOver) {
  vga.before_draw = [] {
    for (int i = 0; i < 20; i++) Write("\rnew" + std::to_string(i));
  };
  Write("old text");
  EXPECT_EQ(Row(0), "new19ext");
}

TEST_F(ConsoleTest, Write_EndlessOthers_DoNotHoldADrawer) {
  int others = 0;
  std::function<void()> other = [&] {
    if (++others > 100000) throw std::runtime_error("it draws for others for ever");
    vga.before_draw = other;
    Write("\r" + std::string(80, static_cast<char>('a' + others % 20)));
  };
  vga.before_draw = other;
  Write("x");
  vga.before_draw = nullptr;
  EXPECT_LT(others, 1000);
  Write("\nend");
  EXPECT_EQ(Row(1), "end");
}

}  // namespace
