// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "tools/archive/command.h"
#include "tools/cell_object/files.h"

namespace {

class ArchiveToolTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "/archive_tool_" +
              ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    put("image", "# what is in it\nclock tells the time\n\nbell    rings\n");
    put("clock.o", "CLOCK");
    put("bell.o", "BELL-BYTES");
    put("extra.cell.o", "");
  }

  std::string path(const std::string &name) const { return folder_ + "/" + name; }
  void put(const std::string &name, const std::string &content) const {
    theseus::write_files({{path(name), content}});
  }
  std::string get(const std::string &name) const { return theseus::read_file(path(name)); }

  int run(const std::vector<std::string> &arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = theseus::archive_tool(arguments, out, err);
    out_ = out.str();
    err_ = err.str();
    return status;
  }

  int create(const std::vector<std::string> &objects) {
    std::vector<std::string> arguments = {"create", "--manifest", path("image"), "-o",
                                          path("cells.cpio")};
    arguments.insert(arguments.end(), objects.begin(), objects.end());
    return run(arguments);
  }
  int create_good() { return create({"bell=" + path("bell.o"), "clock=" + path("clock.o")}); }

  int append(const std::string &word) {
    return run({"append", "--archive", path("cells.cpio"), "-o", path("more.cpio"), word});
  }

  void expect_refusal(const std::string &message, const std::string &output) {
    EXPECT_EQ(err_.find("error: " + message), 0u) << err_;
    EXPECT_FALSE(std::filesystem::exists(path(output)));
    EXPECT_FALSE(std::filesystem::exists(path(output + ".tmp")));
  }

  std::string folder_;
  std::string out_;
  std::string err_;
};

TEST_F(ArchiveToolTest, Create_OrdersAsTheManifest) {
  ASSERT_EQ(create_good(), 0) << err_;
  ASSERT_EQ(run({"list", path("cells.cpio")}), 0) << err_;
  EXPECT_EQ(out_, "image.manifest 52\nclock.o 5\nbell.o 10\n");
  ASSERT_EQ(run({"extract", path("cells.cpio"), "bell.o", "-o", path("x")}), 0) << err_;
  EXPECT_EQ(get("x"), "BELL-BYTES");
  ASSERT_EQ(run({"extract", path("cells.cpio"), "image.manifest", "-o", path("x")}), 0) << err_;
  EXPECT_EQ(get("x"), get("image"));
}

TEST_F(ArchiveToolTest, Create_HasFixedTimesUsersAndInodes) {
  ASSERT_EQ(create_good(), 0) << err_;
  const std::string archive = get("cells.cpio");
  EXPECT_EQ(archive.substr(0, 110),
            "070701"
            "00000001"
            "000081a4"
            "00000000"
            "00000000"
            "00000001"
            "00000000"
            "00000034"
            "00000000"
            "00000000"
            "00000000"
            "00000000"
            "0000000f"
            "00000000");
  EXPECT_EQ(archive.size() % 4, 0u);
  EXPECT_NE(archive.find("TRAILER!!!"), std::string::npos);
  ASSERT_EQ(create({"clock=" + path("clock.o"), "bell=" + path("bell.o")}), 0) << err_;
  EXPECT_EQ(get("cells.cpio"), archive);
}

TEST_F(ArchiveToolTest, Create_MissingObject_IsRefused) {
  EXPECT_EQ(create({"bell=" + path("bell.o")}), 1);
  expect_refusal("clock: missing object: ", "cells.cpio");
}

TEST_F(ArchiveToolTest, Create_ObjectOutsideOfTheManifest_IsRefused) {
  EXPECT_EQ(
      create({"bell=" + path("bell.o"), "clock=" + path("clock.o"), "gong=" + path("bell.o")}), 1);
  expect_refusal("gong: extra object: ", "cells.cpio");
}

TEST_F(ArchiveToolTest, Create_ObjectGivenTwice_IsRefused) {
  EXPECT_EQ(
      create({"bell=" + path("bell.o"), "clock=" + path("clock.o"), "bell=" + path("clock.o")}), 1);
  expect_refusal("bell: duplicate: it is given twice", "cells.cpio");
}

TEST_F(ArchiveToolTest, Create_ManifestMalformed_IsRefused) {
  put("image", "clock tells\nclock again\n");
  EXPECT_EQ(create({"clock=" + path("clock.o")}), 1);
  expect_refusal("clock: duplicate: the image manifest names it twice", "cells.cpio");
  put("image", "clock\n");
  EXPECT_EQ(create({"clock=" + path("clock.o")}), 1);
  expect_refusal("clock: no reason: ", "cells.cpio");
  put("image", "a/b because\n");
  EXPECT_EQ(create({}), 1);
  expect_refusal("a/b: object name: ", "cells.cpio");
}

TEST_F(ArchiveToolTest, Append_AddsBehindAndKeepsTheRest) {
  ASSERT_EQ(create_good(), 0) << err_;
  ASSERT_EQ(append("Gong-2.0_x=" + path("bell.o")), 0) << err_;
  ASSERT_EQ(run({"list", path("more.cpio")}), 0);
  EXPECT_EQ(out_, "image.manifest 52\nclock.o 5\nbell.o 10\nGong-2.0_x.o 10\n");
}

TEST_F(ArchiveToolTest, Append_WithoutAName_TakesTheFiles) {
  ASSERT_EQ(create_good(), 0) << err_;
  ASSERT_EQ(append(path("extra.cell.o")), 0) << err_;
  ASSERT_EQ(run({"list", path("more.cpio")}), 0);
  EXPECT_EQ(out_, "image.manifest 52\nclock.o 5\nbell.o 10\nextra.o 0\n");
  ASSERT_EQ(append("gong.o=" + path("bell.o")), 0) << err_;
  ASSERT_EQ(run({"list", path("more.cpio")}), 0);
  EXPECT_EQ(out_, "image.manifest 52\nclock.o 5\nbell.o 10\ngong.o 10\n");
}

TEST_F(ArchiveToolTest, Append_DebugInformation_KeepsItsName) {
  ASSERT_EQ(create_good(), 0) << err_;
  ASSERT_EQ(append("bell.debug=" + path("clock.o")), 0) << err_;
  ASSERT_EQ(run({"list", path("more.cpio")}), 0);
  EXPECT_EQ(out_, "image.manifest 52\nclock.o 5\nbell.o 10\nbell.debug 5\n");
}

TEST_F(ArchiveToolTest, Append_ToItself_IsAllowed) {
  ASSERT_EQ(create_good(), 0) << err_;
  ASSERT_EQ(run({"append", "--archive", path("cells.cpio"), "-o", path("cells.cpio"),
                 "gong=" + path("bell.o")}),
            0)
      << err_;
  ASSERT_EQ(run({"list", path("cells.cpio")}), 0);
  EXPECT_NE(out_.find("gong.o 10\n"), std::string::npos);
}

TEST_F(ArchiveToolTest, Append_Duplicate_IsRefused) {
  ASSERT_EQ(create_good(), 0) << err_;
  EXPECT_EQ(append("bell=" + path("clock.o")), 1);
  expect_refusal("bell: duplicate: the archive has it already", "more.cpio");
}

TEST_F(ArchiveToolTest, Append_MalformedName_IsRefused) {
  ASSERT_EQ(create_good(), 0) << err_;
  for (const std::string &name :
       {std::string("a/b"), std::string("a b"), std::string(""), std::string("\xc3\xb6"),
        std::string("a{"), std::string("a`"), std::string("a["), std::string("a@"),
        std::string("a:"), std::string(62, 'a')}) {
    EXPECT_EQ(append(name + "=" + path("clock.o")), 1) << name;
    expect_refusal(name + ": object name: ", "more.cpio");
  }
  EXPECT_EQ(append(std::string(61, 'a') + "=" + path("clock.o")), 0) << err_;
}

TEST_F(ArchiveToolTest, Archive_Malformed_IsRefused) {
  put("cells.cpio", "no archive");
  EXPECT_EQ(append("gong=" + path("bell.o")), 1);
  expect_refusal(path("cells.cpio") + ": malformed archive: at byte 0 ", "more.cpio");
  EXPECT_EQ(run({"list", path("cells.cpio")}), 1);
}

TEST_F(ArchiveToolTest, Extract_NotThere_IsRefused) {
  ASSERT_EQ(create_good(), 0) << err_;
  EXPECT_EQ(run({"extract", path("cells.cpio"), "gong.o", "-o", path("x")}), 1);
  expect_refusal("gong.o: not in the archive: ", "x");
}

TEST_F(ArchiveToolTest, Files_Missing_AreNamed) {
  EXPECT_EQ(create({"bell=" + path("none.o")}), 1);
  expect_refusal(path("none.o") + ": cannot be read: ", "cells.cpio");
}

TEST_F(ArchiveToolTest, Usage_ExitsWith2) {
  EXPECT_EQ(run({}), 2);
  EXPECT_NE(err_.find("usage: archive"), std::string::npos);
  EXPECT_EQ(run({"burn"}), 2);
  EXPECT_EQ(run({"create", "-o", path("x")}), 2);
  EXPECT_EQ(run({"create", "--manifest", path("image")}), 2);
  EXPECT_EQ(run({"append", "-o", path("x")}), 2);
  EXPECT_EQ(run({"append", "--archive", path("cells.cpio")}), 2);
  EXPECT_EQ(run({"list"}), 2);
  EXPECT_EQ(run({"extract", path("cells.cpio"), "a", "b"}), 2);
  EXPECT_EQ(run({"extract", path("cells.cpio"), "a"}), 2);
  EXPECT_EQ(run({"create", "--manifest"}), 2);
  EXPECT_EQ(create({"--force", "bell=" + path("bell.o"), "clock=" + path("clock.o")}), 2);
}

}  // namespace
