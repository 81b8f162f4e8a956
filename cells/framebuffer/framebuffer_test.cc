// SPDX-License-Identifier: MIT
#include "cells/framebuffer/framebuffer.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/font/font.h"
#include "cells/log/log.h"
#include "testing/host/fake_core.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(framebuffer_surface, 128);

namespace {

constexpr uint64_t kStart = 0xfd000000;

// The bytes of the device, and what the driver asked for.
struct World {
  std::vector<unsigned char> memory;
  status_t map_status = OK, font_status = OK;
  uint64_t mapped_start = 0, mapped_bytes = 0;
  int maps = 0;
  std::string log;
};

World world;

uint32_t Code(status_t status) { return status.code; }

// A framebuffer is written in words and never read.
class Screen : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t, int) override {
    ADD_FAILURE();
    return 0;
  }
  void WritePort(uint16_t, uint32_t, int) override { ADD_FAILURE(); }
  uint64_t ReadRegister(void *, int) override {
    ADD_FAILURE() << "slow";
    return 0;
  }
  void WriteRegister(void *place, uint64_t value, int bytes) override {
    EXPECT_EQ(host_monitor_depth(), 0u) << "drawing takes long";
    const auto *begin = world.memory.data();
    const auto *at = static_cast<unsigned char *>(place);
    ASSERT_TRUE(at >= begin && at + bytes <= begin + world.memory.size());
    HostDevice::WriteRegister(place, value, bytes);
  }
};

}  // namespace

status_t blob_retain(text_t name) {
  EXPECT_EQ(fake_string(name), "framebuffer_surface");
  return OK;
}

memory_result_t address_space_mapper_map_device(owner_t, paddr_t start, uint64_t bytes) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  world.maps++;
  world.mapped_start = start.bytes;
  world.mapped_bytes = bytes;
  if (!status_is_ok(world.map_status)) return {world.map_status, nullptr};
  world.memory.assign(bytes, 0xdb);
  return {OK, world.memory.data()};
}

// Each row of a glyph is the character itself, the last one its complement.
status_t font_glyph(uint32_t code_point, font_glyph_t *glyph) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  for (auto &row : glyph->rows) row = static_cast<uint8_t>(code_point);
  glyph->rows[15] = static_cast<uint8_t>(~code_point);
  return world.font_status;
}

status_t log_write(text_t source, text_t message) {
  world.log += fake_string(source) + ": " + fake_string(message) + "\n";
  return OK;
}

namespace {

machine_framebuffer_t Usual() {
  return {{kStart}, 1024 * 4, 1024, 768, 32, {16, 8}, {8, 8}, {0, 8}};
}

class FramebufferTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(framebuffer_surface);
    fake_core() = {};
    world = {};
    host_device = &screen_;
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  static void Start(const machine_framebuffer_t &given) {
    fake_core().framebuffer = given;
    ASSERT_EQ(Code(framebuffer_initialize()), STATUS_OK);
  }
  static status_t Draw(uint32_t row, uint32_t column, const std::vector<text_cell_t> &cells) {
    return framebuffer_draw(row, column, {cells.data(), cells.size()});
  }
  // `bytes` bytes of the pixel at (x, y).
  static uint32_t Pixel(unsigned x, unsigned y, unsigned bytes) {
    const machine_framebuffer_t &given = fake_core().framebuffer;
    const size_t lead = given.start.bytes % 4096;
    uint32_t value = 0;
    std::memcpy(&value, &world.memory.at(lead + y * given.pitch + x * bytes), bytes);
    return value;
  }
  static void ExpectUnsupported() {
    text_size_t size;
    EXPECT_EQ(Code(framebuffer_size(&size)), STATUS_UNSUPPORTED);
    EXPECT_EQ(Code(framebuffer_clear()), STATUS_UNSUPPORTED);
    EXPECT_EQ(Code(Draw(0, 0, {text_cell('a', 7, 0)})), STATUS_UNSUPPORTED);
  }
  // Draws one cell at row 1, column 2, and compares all pixels around and in it.
  static void ExpectCell(unsigned bytes, uint32_t foreground, uint32_t background) {
    const uint32_t untouched = 0xdbdbdbdb & (bytes == 4 ? ~0u : (1u << bytes * 8) - 1);
    ASSERT_EQ(Code(Draw(1, 2, {text_cell(0xa5, kTextCyan, kTextBrown | kTextBright)})), STATUS_OK);
    for (unsigned y = 14; y < 34; y++) {
      for (unsigned x = 14; x < 26; x++) {
        const bool inside = x >= 16 && x < 24 && y >= 16 && y < 32;
        const unsigned row = y == 31 ? 0x5a : 0xa5;
        const bool set = inside && (row >> (23 - x) & 1) != 0;
        ASSERT_EQ(Pixel(x, y, bytes), !inside ? untouched
                                      : set   ? foreground
                                              : background)
            << x << " " << y;
      }
    }
  }

  Screen screen_;
};

TEST_F(FramebufferTest, Size_Usual_IsInWholeCharacters) {
  Start(Usual());
  text_size_t size = {};
  EXPECT_EQ(Code(framebuffer_size(&size)), STATUS_OK);
  EXPECT_EQ(size.columns, 128u);
  EXPECT_EQ(size.rows, 48u);
  EXPECT_EQ(world.mapped_start, kStart);
  EXPECT_EQ(world.mapped_bytes, 1024u * 768 * 4);
  EXPECT_EQ(world.log, "");
}

TEST_F(FramebufferTest, Size_OddPixels_AreNoCharacter) {
  machine_framebuffer_t given = Usual();
  given.width = 1023;
  given.height = 767;
  Start(given);
  text_size_t size = {};
  EXPECT_EQ(Code(framebuffer_size(&size)), STATUS_OK);
  EXPECT_EQ(size.columns, 127u);
  EXPECT_EQ(size.rows, 47u);
}

TEST_F(FramebufferTest, Initialize_None_IsUnsupported) {
  ASSERT_EQ(Code(framebuffer_initialize()), STATUS_OK);
  ExpectUnsupported();
  EXPECT_EQ(world.maps, 0);
  EXPECT_EQ(world.log, "");
}

struct Malformed {
  const char *name;
  std::function<void(machine_framebuffer_t *)> spoil;
  const char *why;
};

class FramebufferMalformedTest : public FramebufferTest,
                                 public ::testing::WithParamInterface<Malformed> {};

TEST_P(FramebufferMalformedTest, Initialize_Malformed_IsRefusedAndSaysWhy) {
  machine_framebuffer_t given = Usual();
  GetParam().spoil(&given);
  Start(given);
  ExpectUnsupported();
  EXPECT_EQ(world.maps, 0);
  EXPECT_EQ(world.log, std::string("framebuffer: refused: ") + GetParam().why + "\n");
}

const Malformed kMalformed[] = {
    {"pitch", [](auto *f) { f->pitch = 4095; }, "the pitch is below a row"},
    {"pitch0", [](auto *f) { f->pitch = 0; }, "the pitch is below a row"},
    {"depth8", [](auto *f) { f->bits_per_pixel = 8; }, "pixels of that many bits are not known"},
    {"depth33", [](auto *f) { f->bits_per_pixel = 33; }, "pixels of that many bits are not known"},
    {"depthMost", [](auto *f) { f->bits_per_pixel = UINT32_MAX; },
     "pixels of that many bits are not known"},
    {"width0", [](auto *f) { f->width = 0; }, "it is smaller than one character"},
    {"width7", [](auto *f) { f->width = 7; }, "it is smaller than one character"},
    {"height0", [](auto *f) { f->height = 0; }, "it is smaller than one character"},
    {"height15", [](auto *f) { f->height = 15; }, "it is smaller than one character"},
    {"widthMost", [](auto *f) { f->width = UINT32_MAX; }, "more than 16384 pixels wide or high"},
    {"heightMost", [](auto *f) { f->height = UINT32_MAX; }, "more than 16384 pixels wide or high"},
    {"wide", [](auto *f) { f->width = 0x40000001; }, "more than 16384 pixels wide or high"},
    {"pitchMost", [](auto *f) { f->pitch = UINT32_MAX; }, "more than 256 MiB"},
    {"large", [](auto *f) { f->pitch = 65536, f->width = f->height = 16384; }, "more than 256 MiB"},
    {"nowhere", [](auto *f) { f->start.bytes = 0; }, "no place in memory"},
    {"wraps", [](auto *f) { f->start.bytes = UINT64_MAX - 4095; }, "no place in memory"},
    {"beyond", [](auto *f) { f->start.bytes = (UINT64_C(1) << 52) - 4096; }, "no place in memory"},
    {"red0", [](auto *f) { f->red.bits = 0; }, "a colour lies outside of the pixel"},
    {"green", [](auto *f) { f->green.shift = 25; }, "a colour lies outside of the pixel"},
    {"blue", [](auto *f) { f->blue = {255, 255}; }, "a colour lies outside of the pixel"},
};

INSTANTIATE_TEST_SUITE_P(Malformed, FramebufferMalformedTest, ::testing::ValuesIn(kMalformed),
                         [](const auto &info) { return std::string(info.param.name); });

TEST_F(FramebufferTest, Initialize_NotMappable_IsRefused) {
  for (const status_t status : {ERR(NO_MEMORY), ERR(INVALID_ARGUMENT)}) {
    world.map_status = status;
    world.log.clear();
    Start(Usual());
    ExpectUnsupported();
    EXPECT_EQ(world.log, "framebuffer: refused: it cannot be mapped\n");
  }
}

TEST_F(FramebufferTest, Initialize_MapperGone_TellsWhyAndTriesAgain) {
  fake_core().framebuffer = Usual();
  world.map_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(framebuffer_initialize()), STATUS_UNAVAILABLE);
  ExpectUnsupported();
  world.map_status = OK;
  Start(Usual());
  text_size_t size;
  EXPECT_EQ(Code(framebuffer_size(&size)), STATUS_OK);
}

TEST_F(FramebufferTest, Initialize_Again_MapsNothingMore) {
  Start(Usual());
  Start(Usual());
  EXPECT_EQ(world.maps, 1);
}

TEST_F(FramebufferTest, Draw_32Bits_SetsExactlyItsPixels) {
  Start(Usual());
  ExpectCell(4, 0x00aaaa, 0xffff55);
}

TEST_F(FramebufferTest, Draw_24Bits_SetsExactlyItsPixels) {
  Start({{kStart}, 640 * 3 + 5, 640, 480, 24, {0, 8}, {8, 8}, {16, 8}});
  ExpectCell(3, 0xaaaa00, 0x55ffff);
}

TEST_F(FramebufferTest, Draw_16Bits_SetsExactlyItsPixels) {
  Start({{kStart}, 640 * 2, 640, 480, 16, {11, 5}, {5, 6}, {0, 5}});
  ExpectCell(2, 0x2a << 5 | 0x15, 0x1f << 11 | 0x3f << 5 | 0x0a);
}

TEST_F(FramebufferTest, Draw_15Bits_SetsExactlyItsPixels) {
  Start({{kStart}, 640 * 2, 640, 480, 15, {10, 5}, {5, 5}, {0, 5}});
  ExpectCell(2, 0x15 << 5 | 0x15, 0x1f << 10 | 0x1f << 5 | 0x0a);
}

TEST_F(FramebufferTest, Draw_30BitColours_SetsExactlyItsPixels) {
  Start({{kStart}, 640 * 4, 640, 480, 32, {20, 10}, {10, 10}, {0, 10}});
  ExpectCell(4, 0x2a8 << 10 | 0x2a8, 0x3fcu << 20 | 0x3fc << 10 | 0x154);
}

TEST_F(FramebufferTest, Draw_OddStartAndPitch_SetsExactlyItsPixels) {
  Start({{kStart + 40}, 4 * 800 + 12, 800, 600, 32, {16, 8}, {8, 8}, {0, 8}});
  EXPECT_EQ(world.mapped_start, kStart);
  EXPECT_EQ(world.mapped_bytes, 40u + (4 * 800 + 12) * 600);
  ExpectCell(4, 0x00aaaa, 0xffff55);
}

TEST_F(FramebufferTest, Draw_SeveralColours_EachInItsOwn) {
  Start(Usual());
  ASSERT_EQ(Code(Draw(0, 0,
                      {text_cell(0xff, kTextRed, 0), text_cell(0xff, kTextGreen, 0),
                       text_cell(' ', 0, kTextBlue), text_cell(0xff, kTextRed, 0)})),
            STATUS_OK);
  EXPECT_EQ(Pixel(0, 0, 4), 0xaa0000u);
  EXPECT_EQ(Pixel(8, 0, 4), 0x00aa00u);
  EXPECT_EQ(Pixel(16, 0, 4), 0x0000aau);
  EXPECT_EQ(Pixel(16, 15, 4), 0x0000aau) << "a blank has no pixels, whatever the font";
  EXPECT_EQ(Pixel(31, 14, 4), 0xaa0000u);
}

TEST_F(FramebufferTest, Draw_LastCell_ReachesTheCorner) {
  Start(Usual());
  EXPECT_EQ(Code(Draw(47, 127, {text_cell(0, 7, kTextRed)})), STATUS_OK);
  EXPECT_EQ(Pixel(1023, 766, 4), 0xaa0000u);
}

TEST_F(FramebufferTest, Draw_OutsideOfTheScreen_DrawsNothing) {
  Start(Usual());
  const std::vector<text_cell_t> cells(2, text_cell('a', 7, 0));
  EXPECT_EQ(Code(Draw(48, 0, cells)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(Draw(0, 127, cells)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(Draw(0, 128, cells)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(Draw(UINT32_MAX, UINT32_MAX, cells)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(world.memory, std::vector<unsigned char>(world.memory.size(), 0xdb));
}

TEST_F(FramebufferTest, Draw_FontGone_TellsWhy) {
  Start(Usual());
  world.font_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(Draw(0, 0, {text_cell('a', 7, 0)})), STATUS_UNAVAILABLE);
  EXPECT_EQ(Code(Draw(0, 0, {text_cell(' ', 7, 0)})), STATUS_OK);
}

TEST_F(FramebufferTest, Clear_Always_BlackensRowsAndNothingBetween) {
  Start({{kStart}, 100 * 3 + 7, 100, 30, 24, {0, 8}, {8, 8}, {16, 8}});
  EXPECT_EQ(Code(framebuffer_clear()), STATUS_OK);
  for (unsigned y = 0; y < 30; y++) {
    for (unsigned x = 0; x < 307; x++) {
      ASSERT_EQ(world.memory[y * 307 + x], x < 300 ? 0 : 0xdb) << x << " " << y;
    }
  }
}

}  // namespace
