// SPDX-License-Identifier: MIT
/// @file
/// The program with shell scripts in place of the benchmarks and of the machine.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "testing/bench/measurements.h"
#include "testing/qemu/command_line.h"
#include "testing/qemu/text.h"

namespace bench {
namespace {

using qemu::Contains;

Measurements From(std::string_view output) {
  Measurements measurements;
  measurements.Read(output);
  return measurements;
}

TEST(MeasurementsTest, Read_Samples_GiveMedianAndBounds) {
  const Measurements all = From(
      "gate.call 5 cycles\nnoise\ngate.call 2.5 cycles\n"
      "bench gate.call 4 cycles\r\n");
  ASSERT_EQ(all.all().size(), 1u);
  EXPECT_EQ(all.all()[0].Median(), 4);
  EXPECT_EQ(all.all()[0].Min(), 2.5);
  EXPECT_EQ(all.all()[0].Max(), 5);
  EXPECT_EQ(From("a.b 1 ns\na.b 2 ns").all()[0].Median(), 1.5);
}

TEST(MeasurementsTest, Read_OtherLines_AreNone) {
  EXPECT_TRUE(From("= ok\n[log] a b\nname 1 ns\na.b x ns\na.b 1\na.b 1 ns more\na.b nan ns\n")
                  .all()
                  .empty());
}

TEST(MeasurementsTest, Select_NameOrGroup_KeepsThose) {
  Measurements all = From("a.x 1 ns\na.y 1 ns\nab.z 1 ns\n");
  EXPECT_TRUE(all.Select({"a"}).empty());
  EXPECT_EQ(all.all().size(), 2u);
  EXPECT_TRUE(all.Select({"a.y"}).empty());
  EXPECT_EQ(all.all()[0].name, "a.y");
  EXPECT_EQ(all.Select({"a.y", "q"}), (std::vector<std::string>{"q"}));
}

TEST(MeasurementsTest, JsonLines_HaveTheContractsMembers) {
  EXPECT_EQ(
      JsonLines(
          From("boot.shell 123456789 instructions\nboot.shell 123456790 instructions\n").all()),
      "{\"name\":\"boot.shell\",\"value\":123456789.500,\"unit\":\"instructions\",\"n\":2,"
      "\"min\":123456789,\"max\":123456790}\n");
}

class BenchTest : public testing::Test {
 protected:
  static std::string Path(const std::string &name) { return testing::TempDir() + "/" + name; }

  static std::string Program(const std::string &name, const std::string &text) {
    std::ofstream(Path(name)) << "#!/bin/sh\n" << text;
    chmod(Path(name).c_str(), 0755);
    return Path(name);
  }

  int Run(const std::vector<std::string> &flags) {
    std::vector<std::string> line = {"testing/bench/bench_alone", "--machine", machine_, "--native",
                                     native_};
    line.insert(line.end(), flags.begin(), flags.end());
    const std::string command = qemu::Quoted(line) + " >" + Path("out") + " 2>&1";
    const int status = std::system(command.c_str());
    std::ostringstream text;
    text << std::ifstream(Path("out")).rdbuf();
    output_ = text.str();
    return WEXITSTATUS(status);
  }

  // Prints the line of the script back, as two benchmarks or as a refusal.
  std::string machine_ =
      Program("machine",
              "[ \"$1 $2\" = '--icount --script' ] || exit 4\nread -r line <\"$3\"\n"
              "case $line in\n"
              "  *nope*) printf 'boot\\n= error NOT_FOUND: no benchmark\\n'; exit 1;;\n"
              "  *broken*) echo '= error FAULT: x'; exit 1;;\n"
              "esac\n"
              "echo 'bench swap.small 90000 instructions'; echo 'bench boot.shell 5 instructions'\n"
              "echo '= ok'\n");
  std::string native_ = Program("native", "echo 'gate.call 7 cycles'\n");
  std::string output_;
};

TEST_F(BenchTest, Native_RunsEachSeveralTimes) {
  EXPECT_EQ(Run({}), 0);
  EXPECT_EQ(output_,
            "NAME       VALUE  UNIT    N  MIN  MAX\ngate.call  7      cycles  3  7    7\n");
}

TEST_F(BenchTest, Icount_AsksTheMachine) {
  EXPECT_EQ(Run({"--icount", "swap"}), 0);
  EXPECT_TRUE(Contains(output_, "swap.small  90000  instructions  1")) << output_;
  EXPECT_FALSE(Contains(output_, "boot.shell")) << output_;
}

TEST_F(BenchTest, UnknownName_ListsNames) {
  EXPECT_EQ(Run({"nope"}), 2);
  EXPECT_TRUE(Contains(output_, "'nope'")) << output_;
  EXPECT_TRUE(Contains(output_, "gate.call")) << output_;
  EXPECT_EQ(Run({"--icount", "nope"}), 2);
  EXPECT_TRUE(Contains(output_, "swap.small boot.shell")) << output_;
}

TEST_F(BenchTest, FailedBenchmark_IsOne) {
  EXPECT_EQ(Run({"--icount", "broken"}), 1);
  EXPECT_TRUE(Contains(output_, "= error FAULT")) << output_;
  EXPECT_EQ(Run({"--native", "false"}), 1);
}

TEST_F(BenchTest, Json_IsWritten) {
  EXPECT_EQ(Run({"--json", Path("json")}), 0);
  std::ostringstream text;
  text << std::ifstream(Path("json")).rdbuf();
  EXPECT_EQ(
      text.str(),
      "{\"name\":\"gate.call\",\"value\":7,\"unit\":\"cycles\",\"n\":3,\"min\":7,\"max\":7}\n");
  EXPECT_EQ(Run({"--json=/nonexistent/x"}), 2);
}

TEST_F(BenchTest, Flags_Bad_AreUsage) {
  EXPECT_EQ(Run({"--foo"}), 2);
  EXPECT_TRUE(Contains(output_, "'--foo'")) << output_;
  EXPECT_EQ(Run({"--json"}), 2);
  EXPECT_EQ(Run({"--help"}), 0);
}

}  // namespace
}  // namespace bench
