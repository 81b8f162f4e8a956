// SPDX-License-Identifier: MIT
#include "tools/image_facts/image_facts.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "nano_core/loader/elf.h"
#include "nano_core/loader/testing/archive_builder.h"
#include "nano_core/loader/testing/elf_builder.h"
#include "tools/cell_object/files.h"

namespace theseus {
namespace {

using testing::ElfBuilder;

// An executable with a section of each kind; only the file's beginning and its table are used.
std::string core_file() {
  ElfBuilder builder;
  builder.section({.name = ".text",
                   .flags = kElfFlagAllocate | kElfFlagExecute,
                   .data = std::string(100, '\x90')});
  builder.section({.name = ".rodata",
                   .flags = kElfFlagAllocate,
                   .data = std::string("log_write\0No Name\0shell_step\0rest", 33)});
  builder.section(
      {.name = ".data", .flags = kElfFlagAllocate | kElfFlagWrite, .data = std::string(7, 'd')});
  builder.section({.name = ".debug", .data = std::string(50, 'g')});
  return builder.build().bytes();
}

TEST(ImageFactsTest, Cell_Sample_IsDescribed) {
  const CellFacts facts = read_cell("file", testing::sample().build().bytes());
  EXPECT_EQ(facts.object, "file");
  EXPECT_EQ(facts.name, "sample");
  EXPECT_EQ(facts.implements, "sample");
  EXPECT_EQ(facts.summary, "shows each thing that an object may hold");
  EXPECT_EQ(facts.text_bytes, 116u);  // 70, aligned to 32, and 20
  EXPECT_GT(facts.rodata_bytes, 24u);
  EXPECT_EQ(facts.relocations, 12u);
  ASSERT_EQ(facts.imports.size(), 3u);
  EXPECT_EQ(facts.imports[0].provider, "alarm");
  EXPECT_EQ(facts.imports[0].function, "alarm_ring");
  EXPECT_EQ(facts.exports, (std::vector<std::string>{"sample_get", "sample_initialize"}));
  EXPECT_EQ(facts.clients, (std::vector<std::string>{"out_of_tree", "shell"}));
  EXPECT_EQ(facts.rights, (std::vector<std::string>{"mmio", "port_io"}));
  EXPECT_EQ(facts.state_bytes(), 8192u);
}

TEST(ImageFactsTest, Cell_Words_AreWholeNamesOfItsConstants) {
  ElfBuilder builder = testing::sample();
  builder.section_named(".rodata").data += std::string("timer_tick\0a b\0not_ended", 24);
  const CellFacts facts = read_cell("file", builder.build().bytes());
  EXPECT_TRUE(facts.words.contains("timer_tick"));
  EXPECT_FALSE(facts.words.contains("b"));
  EXPECT_FALSE(facts.words.contains("not_ended"));
}

TEST(ImageFactsTest, Cell_Damaged_IsRefusedInTheLoadersWords) {
  std::string bytes = testing::sample().build().bytes();
  bytes.resize(bytes.size() / 2);
  try {
    read_cell("file", bytes);
    FAIL();
  } catch (const Refusal &refusal) {
    EXPECT_EQ(std::string(refusal.what()).find("error: file: BAD_OBJECT: "), 0u) << refusal.what();
  }
}

TEST(ImageFactsTest, Core_Sections_AreCountedByKind) {
  const CoreFacts facts = read_core("core", core_file());
  EXPECT_EQ(facts.text_bytes, 100u);
  EXPECT_EQ(facts.rodata_bytes, 33u);
  EXPECT_EQ(facts.writable_bytes, 7u);
  EXPECT_EQ(facts.words, (std::set<std::string>{"log_write", "shell_step"}));
}

TEST(ImageFactsTest, Core_CutAnywhere_IsRefused) {
  const std::string whole = core_file();
  for (size_t length = 0; length < whole.size(); length++) {
    EXPECT_THROW(read_core("core", whole.substr(0, length)), Refusal) << length;
  }
}

TEST(ImageFactsTest, Image_ArchiveAndCore_AreRead) {
  const std::string folder = ::testing::TempDir() + "/image_facts";
  std::filesystem::create_directories(folder);
  const std::string object = testing::sample().build().bytes();
  write_files({{folder + "/nano_core.elf", core_file()},
               {folder + "/cells.cpio",
                testing::archive_of({{"image.manifest", "x"}, {"a.o", object}, {"b.o", object}})}});
  const ImageFacts image = read_image(folder);
  ASSERT_EQ(image.cells.size(), 2u);
  EXPECT_EQ(image.cells[1].object, "b");
  EXPECT_EQ(image.core.text_bytes, 100u);
  write_files({{folder + "/cells.cpio", "no archive"}});
  EXPECT_THROW(read_image(folder), Refusal);
  EXPECT_THROW(read_image(folder + "/none"), Refusal);
}

}  // namespace
}  // namespace theseus
