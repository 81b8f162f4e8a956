// SPDX-License-Identifier: MIT
#include "cells/console/console.h"

#include <gtest/gtest.h>

#include <string>

#include "cells/address_space_mapper/address_space_mapper.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(console_screen, 16384);

namespace {

alignas(16) unsigned char memory[80 * 25 * 2];
status_t map_status = {STATUS_OK};

uint32_t Code(status_t status) { return status.code; }

// The registers of the cursor; the text is plain memory.
class Vga : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t, int) override {
    ADD_FAILURE();
    return 0;
  }
  void WritePort(uint16_t port, uint32_t value, int bytes) override {
    EXPECT_EQ(bytes, 1);
    if (port == 0x3d4) index = value;
    if (port == 0x3d5 && index == 14) cursor = (cursor & 0xff) | value << 8;
    if (port == 0x3d5 && index == 15) cursor = (cursor & 0xff00) | value;
  }
  uint64_t ReadRegister(void *, int) override {
    ADD_FAILURE() << "slow";
    return 0;
  }
  void WriteRegister(void *place, uint64_t value, int bytes) override {
    writes++;
    HostDevice::WriteRegister(place, value, bytes);
  }

  uint32_t index = 0;
  uint32_t cursor = 0;
  int writes = 0;
};

}  // namespace

status_t blob_retain(text_t) { return OK; }

owner_result_t owner_self(void) { return {OK, {3}}; }

memory_result_t address_space_mapper_map_device(owner_t, paddr_t start, uint64_t bytes) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(start.bytes, 0xb8000u);
  EXPECT_EQ(bytes, sizeof(memory));
  return {map_status, memory};
}

namespace {

class ConsoleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(console_screen);
    host_device = &vga_;
    map_status = OK;
    std::memset(memory, 0xdb, sizeof(memory));
    ASSERT_EQ(Code(console_initialize()), STATUS_OK);
    vga_.writes = 0;
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  void Write(const std::string &text) {
    EXPECT_EQ(Code(console_write({text.data(), text.size()})), STATUS_OK);
  }
  // A row of the screen, less the blanks at its end.
  static std::string Row(int row) {
    std::string text;
    for (int column = 0; column < 80; column++) {
      const int at = (row * 80 + column) * 2;
      EXPECT_EQ(memory[at + 1], 7);
      text.push_back(static_cast<char>(memory[at]));
    }
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }
  std::pair<int, int> Cursor() const {
    return {static_cast<int>(vga_.cursor) / 80, static_cast<int>(vga_.cursor) % 80};
  }

  Vga vga_;
};

using At = std::pair<int, int>;

TEST_F(ConsoleTest, Initialize_Always_ClearsTheScreen) {
  for (int row = 0; row < 25; row++) EXPECT_EQ(Row(row), "");
  EXPECT_EQ(Cursor(), At(0, 0));
}

TEST_F(ConsoleTest, Initialize_MapperGone_TellsWhy) {
  HOST_STATE_CLEAR(console_screen);
  map_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(console_initialize()), STATUS_UNAVAILABLE);
}

TEST_F(ConsoleTest, Write_Text_WritesOnlyWhatChanges) {
  Write("hello");
  EXPECT_EQ(Row(0), "hello");
  EXPECT_EQ(Cursor(), At(0, 5));
  EXPECT_EQ(vga_.writes, 5);
}

TEST_F(ConsoleTest, Write_NothingVisible_WritesNothing) {
  Write(std::string(128, '\0'));
  Write("\x7f\x01");
  EXPECT_EQ(vga_.writes, 0);
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
  for (int i = 0; i < 30; i++) Write("line " + std::to_string(i) + "\n");
  EXPECT_EQ(Row(0), "line 6");
  EXPECT_EQ(Row(23), "line 29");
  EXPECT_EQ(Row(24), "");
  EXPECT_EQ(Cursor(), At(24, 0));
}

TEST_F(ConsoleTest, Write_OtherBytes_AreMarked) {
  Write("\xc3\xa4");
  EXPECT_EQ(Row(0), "??");
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
  for (int row = 0; row < 25; row++) EXPECT_EQ(Row(row), "");
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
  Write("\x1b");
  Write("[");
  Write("3");
  Write("1");
  Write("m");
  Write("red");
  EXPECT_EQ(Row(0), "red");
}

TEST_F(ConsoleTest, Write_BadSequences_DoNoHarm) {
  Write("\x1b[99999999999;99999999999;1;2;3H");
  EXPECT_EQ(Cursor(), At(24, 79));
  Write("\x1b[999A\x1b[999D\x1b[0;0H");
  EXPECT_EQ(Cursor(), At(0, 0));
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

TEST_F(ConsoleTest, Size_Always_IsEightyByTwentyFive) {
  console_size_t size = {};
  EXPECT_EQ(Code(console_size(&size)), STATUS_OK);
  EXPECT_EQ(size.columns, 80u);
  EXPECT_EQ(size.rows, 25u);
}

}  // namespace
