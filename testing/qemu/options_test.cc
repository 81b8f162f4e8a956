// SPDX-License-Identifier: MIT
#include "testing/qemu/options.h"

#include <gtest/gtest.h>

namespace qemu {
namespace {

Result<Options> Parse(std::vector<std::string> flags) {
  flags.insert(flags.begin(), {"--qemu", "Q", "--kernel=K", "--archive", "A"});
  return ParseOptions(flags, "/user");
}

void ExpectRefused(const std::vector<std::string> &flags, const std::string &naming) {
  const std::string problem = Parse(flags).problem;
  EXPECT_NE(problem.find(naming), std::string::npos) << "'" << problem << "'";
}

TEST(OptionsTest, ParseOptions_None_HasDefaultsOfTheContract) {
  const auto options = Parse({});
  ASSERT_TRUE(options.ok()) << options.problem;
  EXPECT_EQ(options.value.processors, 2u);
  EXPECT_EQ(options.value.memory_mib, 128u);
  EXPECT_EQ(options.value.timeout_s, 60u);
  EXPECT_EQ(options.value.accelerator, "tcg");
  EXPECT_EQ(options.value.script, "");
  EXPECT_EQ(options.value.kernel, "K");
}

TEST(OptionsTest, ParseOptions_RelativePath_StartsInUsersFolder) {
  EXPECT_EQ(Parse({"--script", "s"}).value.script, "/user/s");
  EXPECT_EQ(Parse({"--script=/s"}).value.script, "/s");
  EXPECT_EQ(Parse({"--script", "-"}).value.script, "-");
  EXPECT_EQ(Parse({"--add", "x/a.cell.o"}).value.adds[0].path, "/user/x/a.cell.o");
}

TEST(OptionsTest, ParseOptions_Add_NamesObject) {
  const auto options = Parse({"--add", "x/hello.cell.o", "--add=b.o=other", "--add", "c=d.o"});
  ASSERT_TRUE(options.ok()) << options.problem;
  EXPECT_EQ(options.value.adds[0].name, "hello");
  EXPECT_EQ(options.value.adds[1].name, "other");
  EXPECT_EQ(options.value.adds[1].path, "/user/b.o");
  EXPECT_EQ(options.value.adds[2].name, "d");
}

TEST(OptionsTest, ParseOptions_BadAdd_IsRefused) {
  ExpectRefused({"--add", "a.o=b/c"}, "--add: 'b/c'");
  ExpectRefused({"--add", "a.o="}, "--add");
  ExpectRefused({"--add", "=x"}, "--add");
  ExpectRefused({"--add", "a.o", "--add", "b.o=a"}, "'a' is added twice");
}

TEST(OptionsTest, ParseOptions_Icount_RunsOneProcessor) {
  EXPECT_EQ(Parse({"--icount"}).value.processors, 1u);
  EXPECT_TRUE(Parse({"--icount", "--smp", "1"}).ok());
  ExpectRefused({"--icount", "--smp", "2"}, "--smp");
  ExpectRefused({"--smp=2", "--icount"}, "--smp");
  ExpectRefused({"--icount", "--accel", "kvm"}, "--accel");
}

TEST(OptionsTest, ParseOptions_BadValue_NamesFlag) {
  ExpectRefused({"--smp", "0"}, "--smp: '0'");
  ExpectRefused({"--smp", "256"}, "--smp: '256'");
  ExpectRefused({"--mem", "1k"}, "--mem: '1k'");
  ExpectRefused({"--mem="}, "--mem: ''");
  ExpectRefused({"--timeout", "-1"}, "--timeout: '-1'");
  ExpectRefused({"--accel", "xen"}, "--accel: 'xen'");
  ExpectRefused({"--accel", "tcg,thread=none"}, "--accel: 'tcg,thread=none'");
  ExpectRefused({"--smp"}, "--smp: its value is missing");
  ExpectRefused({"--icount=yes"}, "--icount: takes no value");
}

TEST(OptionsTest, ParseOptions_Unknown_IsNamed) {
  ExpectRefused({"--foo=1"}, "unknown flag '--foo'");
  ExpectRefused({"foo"}, "unknown flag 'foo'");
}

TEST(OptionsTest, ParseOptions_Media_NeedsIso) {
  ExpectRefused({"--media", "cdrom"}, "--media: the build rule gives no --iso");
  const auto options = Parse({"--iso=I", "--media", "usb", "--firmware=uefi"});
  ASSERT_TRUE(options.ok()) << options.problem;
  EXPECT_EQ(options.value.media, "usb");
  EXPECT_EQ(options.value.firmware, "uefi");
}

TEST(OptionsTest, ParseOptions_MediaWithWhatItCannot_IsRefused) {
  ExpectRefused({"--iso=I", "--media", "tape"}, "--media: 'tape' is none of cdrom, disk, usb");
  ExpectRefused({"--firmware", "uefi"}, "--firmware: uefi starts from a medium");
  ExpectRefused({"--iso=I", "--media=disk", "--add", "a.o"}, "--add: a medium has its own");
  EXPECT_TRUE(Parse({"--iso=I", "--media=disk", "--icount", "--append=quiet"}).ok());
  EXPECT_TRUE(Parse({"--firmware", "bios", "--append", "quiet"}).ok());
}

TEST(OptionsTest, ParseOptions_ReportWithoutScript_IsRefused) {
  ExpectRefused({"--junit", "x"}, "--junit: needs --script");
  ExpectRefused({"--tap"}, "--tap: needs --script");
  ExpectRefused({"--terminal"}, "--terminal: needs --script");
  ExpectRefused({"--trace", "x"}, "--trace: needs --script");
  EXPECT_TRUE(Parse({"--tap", "--junit", "x", "--script", "s"}).ok());
}

TEST(OptionsTest, ParseOptions_Gdb_TakesItsTime) {
  EXPECT_GT(Parse({"--gdb"}).value.timeout_s, 100'000u);
  EXPECT_EQ(Parse({"--gdb", "--timeout", "5"}).value.timeout_s, 5u);
}

TEST(OptionsTest, ParseOptions_NoImage_IsRefused) {
  const std::vector<std::string> flags = {"--qemu", "Q", "--kernel", "K"};
  EXPECT_NE(ParseOptions(flags, "").problem.find("--archive"), std::string::npos);
  const std::vector<std::string> help = {"--help"};
  EXPECT_TRUE(ParseOptions(help, "").ok());
}

TEST(OptionsTest, ParseOptions_Append_AddsUp) {
  EXPECT_EQ(Parse({"--append", "a b", "--append=c=d"}).value.append, "a b c=d");
}

TEST(OptionsTest, CheckFiles_Unreadable_NamesFlagAndFile) {
  Options options;
  options.qemu = options.kernel = options.archive = "/dev/null";
  EXPECT_EQ(CheckFiles(options), "");
  options.script = "/nonexistent/script";
  EXPECT_NE(CheckFiles(options).find("--script: cannot read '/nonexistent/script'"),
            std::string::npos);
  options.script = "/dev";
  EXPECT_NE(CheckFiles(options).find("is a folder"), std::string::npos);
}

}  // namespace
}  // namespace qemu
