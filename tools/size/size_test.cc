// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "nano_core/loader/testing/archive_builder.h"
#include "nano_core/loader/testing/elf_builder.h"
#include "tools/cell_object/files.h"
#include "tools/size/budgets.h"
#include "tools/size/command.h"
#include "tools/size/sizes.h"

namespace theseus {
namespace {

Sizes sample_sizes() {
  return {{"bell", {100, 30, 0, 2, 1, 9}},
          {"clock", {2000, 10, 4096, 3, 4, 70}},
          {kCore, {80000, 9000, 500, 0, 0, 0}}};
}

TEST(SizeTest, Sizes_OfAnImage_AreItsFacts) {
  ImageFacts image;
  image.core = {.text_bytes = 5, .rodata_bytes = 6, .writable_bytes = 7, .words = {}};
  CellFacts cell;
  cell.object = "bell";
  cell.text_bytes = 1;
  cell.rodata_bytes = 2;
  cell.states = {{"a", 10}, {"b", 20}};
  cell.imports = {{"x", "x_a"}};
  cell.exports = {"bell_a", "bell_b"};
  cell.relocations = 8;
  image.cells = {cell};
  const Sizes sizes = sizes_of(image, "core_a 1 :0@0\ncore_b 2 :0@0\n");
  EXPECT_EQ(sizes.at("bell"), (SizeRow{1, 2, 30, 1, 2, 8}));
  EXPECT_EQ(sizes.at(kCore), (SizeRow{5, 6, 7, 0, 2, 0}));
}

TEST(SizeTest, Table_IsSortedAndHasTotals) {
  EXPECT_EQ(size_table(sample_sizes(), kText),
            "NAME               TEXT  RODATA  STATE  IMPORTS  EXPORTS  RELOCATIONS\n"
            "nano_core         80000    9000    500        0        0            0\n"
            "clock              2000      10   4096        3        4           70\n"
            "bell                100      30      0        2        1            9\n"
            "total of 2 cells   2100      40   4096        5        5           79\n"
            "total             82100    9040   4596        5        5           79\n");
  const std::string by_state = size_table(sample_sizes(), kState);
  EXPECT_LT(by_state.find("\nclock"), by_state.find("\nnano_core"));
}

TEST(SizeTest, Json_AndRead_GiveTheSame) {
  const std::string json = size_json(sample_sizes());
  EXPECT_NE(json.find("\n\"bell\": {\"text\":100,\"rodata\":30,\"state\":0,\"imports\":2,"
                      "\"exports\":1,\"relocations\":9},\n"),
            std::string::npos)
      << json;
  EXPECT_EQ(read_sizes("x", json), sample_sizes());
  EXPECT_EQ(read_sizes("x", "{\"cells\": {\"bell\": {\"text\": 1, \"rodata\": -1}, \"gong\": 2}}"),
            (Sizes{{"bell", {1, 0, 0, 0, 0, 0}}, {"gong", {}}}));
  EXPECT_THROW(read_sizes("x", "{}"), Refusal);
  EXPECT_THROW(read_sizes("x", "nonsense"), Refusal);
}

TEST(SizeTest, Differences_NameWhatChangedOnly) {
  Sizes after = sample_sizes();
  after["clock"][kText] = 2100;
  after["clock"][kRodata] = 4;
  after["gong"] = {1, 0, 0, 0, 0, 0};
  after.erase("bell");
  const std::string text = size_differences(sample_sizes(), after);
  EXPECT_NE(text.find("2100(+100)"), std::string::npos) << text;
  EXPECT_NE(text.find("4(-6)"), std::string::npos) << text;
  EXPECT_NE(text.find("\n+ gong "), std::string::npos) << text;
  EXPECT_NE(text.find("\n- bell "), std::string::npos) << text;
  EXPECT_NE(text.find("\ntotal "), std::string::npos) << text;
  EXPECT_EQ(text.find(kCore), std::string::npos) << text;
  EXPECT_EQ(size_differences(after, after), "nothing differs\n");
}

constexpr char kBudgetText[] =
    "# how large\ndefault 50 50\nbell 120 30  # rings\nclock 2000 10\nnano_core 80000 9000\n";

TEST(BudgetTest, Read_Malformed_IsRefused) {
  EXPECT_EQ(read_budgets("x", kBudgetText).at("bell").text_bytes, 120u);
  for (const char *text : {"", "bell 1 1\n", "default 1\n", "default 1 1 1\n", "default 1 x\n",
                           "default 1 -1\n", "default 1 1\na 1 1\na 1 1\n"}) {
    EXPECT_THROW(read_budgets("x", text), Refusal) << text;
  }
}

TEST(BudgetTest, Check_WithinTheBudgets_FindsNothing) {
  EXPECT_TRUE(check_budgets(read_budgets("x", kBudgetText), sample_sizes()).empty());
}

TEST(BudgetTest, Check_Excess_NamesCellSizeBudgetAndRemedy) {
  Sizes sizes = sample_sizes();
  sizes["bell"][kText] = 121;
  sizes[kCore][kRodata] = 9001;
  sizes["gong"] = {51, 50, 0, 0, 0, 0};
  const std::vector<std::string> found = check_budgets(read_budgets("x", kBudgetText), sizes);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0],
            "cells/bell: 121 bytes of text, but its budget is 120: make it smaller, or say in the "
            "commit why it grew and type `tools/bazel run //tools/size -- --update-budgets`");
  EXPECT_EQ(found[1].find("cells/gong: 51 bytes of text, but its budget is 50, that of a cell "
                          "without a line"),
            0u);
  EXPECT_EQ(found[2].find("nano_core: 9001 bytes of constants, but its budget is 9000"), 0u);
}

TEST(BudgetTest, Check_LineOfAMissingCell_IsFound) {
  Sizes sizes = sample_sizes();
  sizes.erase("clock");
  const std::vector<std::string> found = check_budgets(read_budgets("x", kBudgetText), sizes);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].find("clock has a budget, but is not in the image"), 0u);
}

TEST(BudgetTest, Update_ChangesOnlyWhatDoesNotHold) {
  Sizes sizes = sample_sizes();
  EXPECT_EQ(update_budgets(kBudgetText, sizes), kBudgetText);
  sizes.erase("clock");
  sizes["gong"] = {1000, 0, 0, 0, 0, 0};
  sizes[kCore][kText] = 81920;
  const std::string text = update_budgets(kBudgetText, sizes);
  EXPECT_EQ(text,
            "# how large\ndefault 50 50\nbell 120 30  # rings\ngong 1280 256\n"
            "nano_core 94208 12288\n");
  EXPECT_TRUE(check_budgets(read_budgets("x", text), sizes).empty());
}

class SizeToolTest : public ::testing::Test {
 protected:
  void SetUp() override {
    user_ = ::testing::TempDir() + "/size_" +
            ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(user_ + "/mine");
    std::filesystem::create_directories(user_ + "/tools/size");
    testing::ElfBuilder core;
    core.section({.name = ".text",
                  .flags = kElfFlagAllocate | kElfFlagExecute,
                  .data = std::string(100, '\x90')});
    const std::string object = testing::sample().build().bytes();
    write_files({{user_ + "/mine/nano_core.elf", core.build().bytes()},
                 {user_ + "/mine/cells.cpio", testing::archive_of({{"bell.o", object}})},
                 {user_ + "/tools/size/budgets.txt", "default 1 1\n"}});
    setenv("BUILD_WORKING_DIRECTORY", user_.c_str(), 1);
    setenv("BUILD_WORKSPACE_DIRECTORY", user_.c_str(), 1);
  }

  int run(std::vector<std::string> arguments) {
    std::ostringstream out;
    std::ostringstream err;
    arguments.insert(arguments.begin(), {"--image", "mine"});
    const int status = size_tool(arguments, out, err);
    out_ = out.str();
    err_ = err.str();
    return status;
  }

  std::string user_;
  std::string out_;
  std::string err_;
};

TEST_F(SizeToolTest, Against_OwnOutput_DiffersInNothing) {
  ASSERT_EQ(run({"--json"}), 0) << err_;
  write_files({{user_ + "/before.json", out_}});
  ASSERT_EQ(run({"--against", "before.json"}), 0) << err_;
  EXPECT_EQ(out_, "nothing differs\n");
}

TEST_F(SizeToolTest, Table_IsTheDefault) {
  ASSERT_EQ(run({}), 0) << err_;
  EXPECT_EQ(out_.find("NAME "), 0u);
  EXPECT_NE(out_.find("\nbell "), std::string::npos);
}

TEST_F(SizeToolTest, UpdateBudgets_WritesThemIntoTheWorkspaceOnce) {
  ASSERT_EQ(run({"--update-budgets"}), 0) << err_;
  const std::string written = read_file(user_ + "/tools/size/budgets.txt");
  EXPECT_EQ(written.find("default 1 1\nbell 256 "), 0u) << written;
  ASSERT_EQ(run({"--update-budgets"}), 0) << err_;
  EXPECT_EQ(out_, "tools/size/budgets.txt stays as it is\n");
}

TEST_F(SizeToolTest, Usage_ExitsWith2) {
  EXPECT_EQ(run({"--nonsense"}), 2);
  EXPECT_NE(err_.find("usage: "), std::string::npos);
  EXPECT_EQ(run({"--sort"}), 2);
  EXPECT_EQ(run({"--sort", "colour"}), 2);
  EXPECT_EQ(run({"--json", "--check"}), 2);
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_EQ(out_.find("usage: tools/bazel run //tools/size"), 0u);
}

TEST_F(SizeToolTest, Files_Missing_AreRefused) {
  EXPECT_EQ(run({"--image", "none"}), 1);
  EXPECT_EQ(err_.find("error: "), 0u);
  EXPECT_EQ(run({"--against", "none.json"}), 1);
}

}  // namespace
}  // namespace theseus
