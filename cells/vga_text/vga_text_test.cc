// SPDX-License-Identifier: MIT
#include "cells/vga_text/vga_text.h"

#include <gtest/gtest.h>

#include <vector>

#include "cells/address_space_mapper/address_space_mapper.h"
#include "testing/host/fake_core.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(vga_text_memory, 64);

namespace {

alignas(16) unsigned char memory[80 * 25 * 2];
status_t map_status = {STATUS_OK};

uint32_t Code(status_t status) { return status.code; }

// A card: registers behind index and data; the text is plain memory.
class Vga : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t port, int bytes) override {
    EXPECT_EQ(bytes, 1);
    if (!there) return 0xff;
    if (port == 0x3d5) return crt[crt_index];
    if (port == 0x3cf && graphics_index == 6) return graphics_mode ? 0x05 : 0x0e;
    ADD_FAILURE() << port;
    return 0xff;
  }
  void WritePort(uint16_t port, uint32_t value, int bytes) override {
    EXPECT_EQ(bytes, 1);
    if (port == 0x3d4) crt_index = value & 31;
    if (port == 0x3d5) crt[crt_index] = value;
    if (port == 0x3ce) graphics_index = value;
    EXPECT_NE(port, 0x3cf) << "no mode is set";
  }
  uint64_t ReadRegister(void *, int) override {
    ADD_FAILURE() << "slow";
    return 0;
  }
  uint32_t Cursor() const { return crt[14] << 8 | crt[15]; }

  bool there = true;
  bool graphics_mode = false;
  uint32_t crt_index = 0, graphics_index = 0;
  uint32_t crt[32] = {};
};

}  // namespace

status_t blob_retain(text_t name) {
  EXPECT_EQ(fake_string(name), "vga_text_memory");
  return OK;
}

memory_result_t address_space_mapper_map_device(owner_t, paddr_t start, uint64_t bytes) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(start.bytes, 0xb8000u);
  EXPECT_EQ(bytes, sizeof(memory));
  return {map_status, memory};
}

namespace {

class VgaTextTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(vga_text_memory);
    fake_core() = {};
    host_device = &vga_;
    map_status = OK;
    std::memset(memory, 0xdb, sizeof(memory));
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  static void Start() { ASSERT_EQ(Code(vga_text_initialize()), STATUS_OK); }
  static status_t Draw(uint32_t row, uint32_t column, const std::vector<text_cell_t> &cells) {
    return vga_text_draw(row, column, {cells.data(), cells.size()});
  }
  static unsigned At(int row, int column) {
    const unsigned char *cell = &memory[(row * 80 + column) * 2];
    return cell[0] | cell[1] << 8;
  }
  // What every function must answer where there is no text mode.
  static void ExpectUnsupported() {
    Start();
    text_size_t size;
    EXPECT_EQ(Code(vga_text_size(&size)), STATUS_UNSUPPORTED);
    EXPECT_EQ(Code(vga_text_clear()), STATUS_UNSUPPORTED);
    EXPECT_EQ(Code(Draw(0, 0, {text_cell('a', 7, 0)})), STATUS_UNSUPPORTED);
    EXPECT_EQ(Code(vga_text_cursor(0, 0)), STATUS_UNSUPPORTED);
    EXPECT_EQ(memory[0], 0xdb);
  }

  Vga vga_;
};

TEST_F(VgaTextTest, Size_Card_IsEightyByTwentyFive) {
  Start();
  text_size_t size = {};
  EXPECT_EQ(Code(vga_text_size(&size)), STATUS_OK);
  EXPECT_EQ(size.columns, 80u);
  EXPECT_EQ(size.rows, 25u);
}

TEST_F(VgaTextTest, Initialize_NoCard_IsUnsupported) {
  vga_.there = false;
  ExpectUnsupported();
}

TEST_F(VgaTextTest, Initialize_GraphicsMode_IsUnsupported) {
  vga_.graphics_mode = true;
  ExpectUnsupported();
}

TEST_F(VgaTextTest, Initialize_Framebuffer_IsUnsupported) {
  fake_core().framebuffer.bits_per_pixel = 32;
  ExpectUnsupported();
  EXPECT_EQ(vga_.Cursor(), 0u) << "the card is left alone";
}

TEST_F(VgaTextTest, Initialize_MapperGone_TellsWhyAndTriesAgain) {
  map_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(vga_text_initialize()), STATUS_UNAVAILABLE);
  map_status = OK;
  Start();
  text_size_t size;
  EXPECT_EQ(Code(vga_text_size(&size)), STATUS_OK);
}

TEST_F(VgaTextTest, Initialize_Again_MapsNothingMore) {
  Start();
  map_status = ERR(NO_MEMORY);
  Start();
}

TEST_F(VgaTextTest, Clear_Always_BlanksEveryCharacter) {
  Start();
  EXPECT_EQ(Code(vga_text_clear()), STATUS_OK);
  for (int row = 0; row < 25; row++) {
    for (int column = 0; column < 80; column++) EXPECT_EQ(At(row, column), 0x0720u);
  }
}

TEST_F(VgaTextTest, Draw_Colours_AreTheCards) {
  Start();
  EXPECT_EQ(Code(Draw(2, 78,
                      {text_cell('a', kTextRed, kTextBlue),
                       text_cell('b', kTextBrown | kTextBright, kTextCyan | kTextBright)})),
            STATUS_OK);
  EXPECT_EQ(At(2, 78), 0x1461u);
  EXPECT_EQ(At(2, 79), 0x3e62u) << "no bright background: it would blink";
  EXPECT_EQ(At(2, 77), 0xdbdbu);
  EXPECT_EQ(At(3, 0), 0xdbdbu);
}

TEST_F(VgaTextTest, Draw_OtherCharacters_AreThoseOfTheCardsFont) {
  Start();
  EXPECT_EQ(Code(Draw(0, 0,
                      {text_cell(0xe4, 7, 0), text_cell(0x2502, 7, 0), text_cell(0x2588, 7, 0),
                       text_cell(0xa0, 7, 0), text_cell(0x20ac, 7, 0), text_cell(0xfffd, 7, 0),
                       text_cell(0x7f, 7, 0), text_cell('\n', 7, 0), text_cell('~', 7, 0)})),
            STATUS_OK);
  const unsigned wanted[] = {0x84, 0xb3, 0xdb, 0xff, '?', '?', '?', '?', '~'};
  for (int i = 0; i < 9; i++) EXPECT_EQ(At(0, i), 0x700u | wanted[i]) << i;
}

TEST_F(VgaTextTest, Draw_OutsideOfTheScreen_DrawsNothing) {
  Start();
  const std::vector<text_cell_t> cells(3, text_cell('a', 7, 0));
  EXPECT_EQ(Code(Draw(25, 0, cells)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(Draw(0, 78, cells)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(Draw(0, UINT32_MAX, cells)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(Draw(24, 77, cells)), STATUS_OK);
  EXPECT_EQ(At(0, 78), 0xdbdbu);
}

TEST_F(VgaTextTest, Cursor_Place_IsInTheRegisters) {
  Start();
  EXPECT_EQ(Code(vga_text_cursor(24, 79)), STATUS_OK);
  EXPECT_EQ(vga_.Cursor(), 1999u);
  EXPECT_EQ(Code(vga_text_cursor(25, 0)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(vga_text_cursor(0, 80)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(vga_.Cursor(), 1999u);
}

}  // namespace
