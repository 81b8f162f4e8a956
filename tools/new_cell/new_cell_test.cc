// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "tools/cell_object/files.h"
#include "tools/new_cell/command.h"
#include "tools/new_cell/template.h"

namespace theseus {
namespace {

namespace fs = std::filesystem;

class NewCellTest : public ::testing::Test {
 protected:
  void SetUp() override {
    clone_ = ::testing::TempDir() + "/new_cell_" +
             ::testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(clone_);
    fs::create_directories(clone_ + "/cells");
    setenv("BUILD_WORKSPACE_DIRECTORY", clone_.c_str(), 1);
  }

  int run(const std::vector<std::string> &arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = new_cell(arguments, out, err);
    out_ = out.str();
    err_ = err.str();
    return status;
  }

  std::string read(const std::string &path) const { return read_file(clone_ + "/" + path); }

  std::string clone_;
  std::string out_;
  std::string err_;
};

TEST_F(NewCellTest, Make_Name_WritesTheWholeFolder) {
  ASSERT_EQ(run({"door_bell"}), 0) << err_;
  for (const char *name :
       {"BUILD.bazel", "README.md", "door_bell.h", "door_bell.c", "door_bell_test.cc"}) {
    const std::string content = read(std::string("cells/door_bell/") + name);
    EXPECT_NE(content.find("door_bell"), std::string::npos) << name;
    EXPECT_EQ(content.find("new_cell_example"), std::string::npos) << name;
    EXPECT_EQ(content.find("specimen"), std::string::npos) << name;
    EXPECT_TRUE(content.ends_with("\n") && !content.ends_with("\n\n")) << name;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(clone_ + "/cells/door_bell"), {}), 5);
  EXPECT_NE(read("cells/door_bell/door_bell_test.cc").find("TEST(DoorBellTest, "),
            std::string::npos);
  EXPECT_NE(read("cells/door_bell/door_bell.c").find("#include \"cells/door_bell/door_bell.h\""),
            std::string::npos);
}

TEST_F(NewCellTest, Make_BuildFile_HasNoLineOfTheSpecimen) {
  ASSERT_EQ(run({"bell"}), 0) << err_;
  const std::string content = read("cells/bell/BUILD.bazel");
  EXPECT_EQ(content.find("manual"), std::string::npos);
  EXPECT_EQ(content.find("exports_files"), std::string::npos);
  EXPECT_NE(content.find("    srcs = [\"bell_test.cc\"],\n    deps = [\":bell\"],\n)\n"),
            std::string::npos)
      << content;
}

TEST_F(NewCellTest, Make_SaysWhatToDoNext) {
  ASSERT_EQ(run({"bell"}), 0) << err_;
  for (const char *words :
       {"cells/bell/bell.h", "tools/bazel test //cells/bell:bell_test", "//cells/bell:bell.cell",
        "platforms/images/default.cells", "visibility", "cells/README.md"}) {
    EXPECT_NE(out_.find(words), std::string::npos) << words;
  }
  EXPECT_EQ(out_.find("NAME"), std::string::npos);
}

TEST_F(NewCellTest, Name_Bad_IsRefusedAndNothingIsWritten) {
  for (const std::string &name :
       {std::string("Bell"), std::string("9bell"), std::string("door-bell"), std::string("a/b"),
        std::string("bell_"), std::string("door__bell"), std::string("all"),
        std::string("nano_core"), std::string("bell_test"), std::string("bell_migrations"),
        std::string(""), std::string(".."), std::string(41, 'a')}) {
    EXPECT_EQ(run({name}), 1) << name;
    EXPECT_EQ(err_.find("error: " + name + ": "), 0u) << err_;
  }
  EXPECT_TRUE(fs::is_empty(clone_ + "/cells"));
  EXPECT_EQ(run({std::string(40, 'a')}), 0) << err_;
}

TEST_F(NewCellTest, Folder_Existing_IsRefusedAndKept) {
  fs::create_directories(clone_ + "/cells/bell");
  EXPECT_EQ(run({"bell"}), 1);
  EXPECT_EQ(err_.find("error: cells/bell: exists: "), 0u) << err_;
  EXPECT_TRUE(fs::is_empty(clone_ + "/cells/bell"));
  fs::create_symlink("/nowhere", clone_ + "/cells/gong");
  EXPECT_EQ(run({"gong"}), 1);
}

TEST_F(NewCellTest, Clone_WithoutCells_IsRefused) {
  fs::remove_all(clone_ + "/cells");
  EXPECT_EQ(run({"bell"}), 1);
  EXPECT_EQ(err_.find("error: cells/bell: cannot be made: "), 0u) << err_;
}

TEST_F(NewCellTest, Usage_ExitsWith2) {
  EXPECT_EQ(run({}), 2);
  EXPECT_EQ(run({"a", "b"}), 2);
  EXPECT_EQ(run({"--force"}), 2);
  EXPECT_NE(err_.find("usage: "), std::string::npos);
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_EQ(out_.find("usage: tools/bazel run //tools/new_cell"), 0u);
}

}  // namespace
}  // namespace theseus
