// SPDX-License-Identifier: MIT
#include "nano_core/boot/multiboot2.h"

#include <gtest/gtest.h>

#include "nano_core/arch/paging.h"
#include "nano_core/boot/multiboot2_builder.h"

namespace {

using theseus::testing::Multiboot2Builder;
using theseus::testing::WholeInformation;
using theseus::testing::Word;

constexpr uint64_t kAddress = 0x10000;

class Multiboot2Test : public testing::Test {
 protected:
  // What it returns, as a string.
  std::string Read(const std::string &information) {
    bytes_ = information;
    const bytes_t bytes = {reinterpret_cast<const uint8_t *>(bytes_.data()), bytes_.size()};
    const text_t problem = multiboot2_read(bytes, {kAddress}, &info_, handed_);
    return std::string(problem.data, problem.length);
  }

  std::string CommandLine() const {
    return std::string(info_.command_line.data, info_.command_line.length);
  }

  boot_info_t info_ = {};
  handed_range_t handed_[kHanded] = {};
  std::string bytes_;  // the command line points into it
};

constexpr char kDamaged[] = "boot: the multiboot2 loader's information is damaged\n";
constexpr char kNoMemory[] = "boot: the loader gives no memory map\n";

TEST_F(Multiboot2Test, Read_Whole_FillsEverything) {
  ASSERT_EQ(Read(WholeInformation()), "");
  EXPECT_EQ(CommandLine(), "quiet console=both");
  EXPECT_EQ(info_.archive.data, physical_pointer({0x200000}));
  EXPECT_EQ(info_.archive.length, 0x40000u);
  EXPECT_EQ(info_.memory_bytes, 0x9fc00u + 0x7ee0000u);
  ASSERT_EQ(info_.region_count, 2u);
  EXPECT_EQ(info_.regions[0].bytes, 0x9f000u);
  EXPECT_EQ(info_.regions[1].start.bytes, 0x100000u);
  EXPECT_EQ(info_.framebuffer.start.bytes, 0xfd000000u);
  EXPECT_EQ(info_.framebuffer.pitch, 4096u);
  EXPECT_EQ(info_.framebuffer.width, 1024u);
  EXPECT_EQ(info_.framebuffer.height, 768u);
  EXPECT_EQ(info_.framebuffer.bits_per_pixel, 32u);
  EXPECT_EQ(info_.framebuffer.red.shift, 16u);
  EXPECT_EQ(info_.framebuffer.green.shift, 8u);
  EXPECT_EQ(info_.framebuffer.green.bits, 7u);
  EXPECT_EQ(info_.framebuffer.blue.bits, 6u);
}

TEST_F(Multiboot2Test, Read_Whole_HandsOverItselfAndTheArchive) {
  ASSERT_EQ(Read(WholeInformation()), "");
  EXPECT_EQ(handed_[kHandedStart].start, kAddress);
  EXPECT_EQ(handed_[kHandedStart].end, kAddress + bytes_.size());
  EXPECT_EQ(handed_[kHandedArchive].start, 0x200000u);
  EXPECT_EQ(handed_[kHandedArchive].end, 0x240000u);
}

TEST_F(Multiboot2Test, Read_BothRootPointers_PrefersTheNewOne) {
  Multiboot2Builder builder;
  builder.Memory({{0x100000, 0x100000, 1}});
  for (const bool new_first : {true, false}) {
    info_ = {};
    ASSERT_EQ(Read(Multiboot2Builder(builder).Acpi(new_first).Acpi(!new_first).Build()), "");
    const size_t at = info_.acpi_root.bytes - kAddress;
    EXPECT_EQ(bytes_.substr(at - 8, 4), Word(15));
    EXPECT_EQ(bytes_.substr(at, 36), std::string(36, 'R'));
  }
  info_ = {};
  ASSERT_EQ(Read(Multiboot2Builder(builder).Acpi(false).Build()), "");
  EXPECT_EQ(bytes_.substr(info_.acpi_root.bytes - kAddress, 20), std::string(20, 'R'));
  info_ = {};
  ASSERT_EQ(Read(Multiboot2Builder(builder).Tag(15, std::string(35, 'R')).Build()), "");
  EXPECT_EQ(info_.acpi_root.bytes, 0u);
}

TEST_F(Multiboot2Test, Read_OverlappingMemory_IsNotUsable) {
  ASSERT_EQ(Read(Multiboot2Builder()
                     .Memory({{0x180000, 0x1000, 2}, {0x100000, 0x100000, 1}, {0x1ff000, 1, 3}}, 32)
                     .Build()),
            "");
  ASSERT_EQ(info_.region_count, 2u);
  EXPECT_EQ(info_.regions[0].bytes, 0x80000u);
  EXPECT_EQ(info_.regions[1].start.bytes, 0x181000u);
  EXPECT_EQ(info_.regions[1].bytes, 0x7e000u);
}

TEST_F(Multiboot2Test, Read_OtherScreens_GivesNoFramebuffer) {
  const auto bits_of = [&](uint8_t bits, uint8_t type) {
    info_ = {};
    EXPECT_EQ(Read(Multiboot2Builder()
                       .Memory({{0x100000, 0x100000, 1}})
                       .Framebuffer(0xb8000, bits, type)
                       .Build()),
              "");
    return info_.framebuffer.bits_per_pixel;
  };
  EXPECT_EQ(bits_of(16, 2), 0u);  // text
  EXPECT_EQ(bits_of(8, 0), 0u);   // a palette
  EXPECT_EQ(bits_of(15, 1), 0u);
  EXPECT_EQ(bits_of(16, 1), 16u);
  EXPECT_EQ(bits_of(24, 1), 24u);
}

TEST_F(Multiboot2Test, Read_SeveralModules_TakesTheFirst) {
  ASSERT_EQ(Read(Multiboot2Builder()
                     .Memory({{0x100000, 0x100000, 1}})
                     .Module(0x5000, 0x5000)
                     .Module(0x9000, 0x5000)
                     .Module(0x6000, 0x7000)
                     .Module(0x8000, 0x9000)
                     .Build()),
            "");
  EXPECT_EQ(info_.archive.data, physical_pointer({0x6000}));
  EXPECT_EQ(info_.archive.length, 0x1000u);
}

TEST_F(Multiboot2Test, Read_CommandLineWithoutEnd_StaysInTheTag) {
  ASSERT_EQ(Read(Multiboot2Builder().Memory({{0x100000, 4096, 1}}).Tag(1, "quiet").Build()), "");
  EXPECT_EQ(CommandLine(), "quiet");
}

TEST_F(Multiboot2Test, Read_NoMemoryMap_IsRefused) {
  EXPECT_EQ(Read(Multiboot2Builder().CommandLine("").Build()), kNoMemory);
  EXPECT_EQ(Read(Multiboot2Builder().Memory({}).Build()), kNoMemory);
  EXPECT_EQ(Read(Multiboot2Builder().Memory({{0x100000, 4096, 2}}).Build()), kNoMemory);
  EXPECT_EQ(Read(Multiboot2Builder().Tag(6, Word(16) + Word(0) + std::string(24, 1)).Build()),
            kNoMemory);
  EXPECT_EQ(Read(Multiboot2Builder().Tag(6, Word(0) + Word(0) + std::string(24, 1)).Build()),
            kNoMemory);
}

TEST_F(Multiboot2Test, Read_CutOff_IsRefused) {
  const std::string whole = WholeInformation();
  for (size_t length = 0; length < whole.size(); length++) {
    info_ = {};
    EXPECT_EQ(Read(whole.substr(0, length)), kDamaged) << length;
  }
}

TEST_F(Multiboot2Test, Read_BadTagLength_IsRefused) {
  for (const uint32_t length : {0u, 7u, 0x1000u, 0xffffffffu}) {
    const std::string tag = Word(1) + Word(length);
    EXPECT_EQ(Read(Word(16) + Word(0) + tag), kDamaged) << length;
  }
}

}  // namespace
