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
#include "testing/bench/rendezvous.h"
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

TEST(MeasurementsTest, Table_WithTargets_HasColumnsForThem) {
  EXPECT_EQ(Table(From("task.switch 300 instructions\na.b 1 ns\n").all()),
            "NAME         VALUE  UNIT          N  MIN  MAX  AT MOST  LINUX 6.1\n"
            "task.switch  300    instructions  1  300  300  300      1743 by yield, 3564 by futex\n"
            "a.b          1      ns            1  1    1    -        -\n");
  const std::string over = Table(From("task.spawn_join 10001 instructions\n").all());
  EXPECT_TRUE(Contains(over, "10000 missed  68035\n")) << over;
  // A limit in instructions says nothing about cycles.
  EXPECT_FALSE(Contains(Table(From("task.switch 9000 cycles\n").all()), "AT MOST"));
}

constexpr char kMachine[] =
    "bench swap.rendezvous 40 cycles\nbench swap.rendezvous.p99 90 cycles\n"
    "bench swap.rendezvous.p2 40 cycles\n"
    "bench swap.rendezvous.sample 900 ns\r\nbench swap.rendezvous.sample 1000 ns\n"
    "bench swap.rendezvous.sample 1999 ns\nbench swap.rendezvous.sample 5000 ns\n"
    "swap keymap 1 -> 1 generation 2 pinned 0 pause_ns 1500 pause_instructions 0 total_ns 9\n"
    "swap keymap 1 -> 1 generation 3 pinned 0 pause_ns 2500 pause_instructions 0 total_ns 9\n";

TEST(RendezvousTest, Read_FindsBothKinds) {
  const Rendezvous run = ReadRendezvous(4, kMachine);
  EXPECT_EQ(run.online, 2u);
  EXPECT_FALSE(run.changed);
  EXPECT_TRUE(
      ReadRendezvous(4, std::string(kMachine) + "bench swap.rendezvous.p3 1 cycles\n").changed);
  EXPECT_EQ(run.empty, (std::vector<double>{900, 1000, 1999, 5000}));
  EXPECT_EQ(run.pause, (std::vector<double>{1500, 2500}));
  EXPECT_EQ(JsonLines(AsMeasurements(run)),
            "{\"name\":\"swap.rendezvous.p2\",\"value\":1499.500,\"unit\":\"ns\",\"n\":4,"
            "\"min\":900,\"max\":5000}\n"
            "{\"name\":\"swap.pause.p2\",\"value\":2000,\"unit\":\"ns\",\"n\":2,"
            "\"min\":1500,\"max\":2500}\n");
}

TEST(RendezvousTest, Histogram_HasBucketsOfPowersOfTwo) {
  EXPECT_EQ(Histogram(ReadRendezvous(4, kMachine)),
            "2 processors (of 4)\n"
            "  us      empty rendezvous                    pause of a swap\n"
            "  < 1     #######                       1                                   0\n"
            "  1       ##############                2     ##############                1\n"
            "  2                                     0     ##############                1\n"
            "  4       #######                       1                                   0\n"
            "  empty: median 1.0 us, p99 5.0 us, longest 5.0 us, of 4\n"
            "  pause: median 1.5 us, p99 2.5 us, longest 2.5 us, of 2\n"
            "  pause / empty: median 1.50, p99 0.50\n");
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
              "if [ \"$1\" = --smp ]; then\n"
              "  [ \"$2\" != 16 ] || exit 1\n"
              "  echo \"bench swap.rendezvous.p$2 40 cycles\"\n"
              "  echo 'bench swap.rendezvous.sample 900 ns'\n"
              "  grep -c '^swap keymap$' \"$6\"\n"
              "  echo 'swap keymap 1 -> 1 pinned 0 pause_ns 1500'\n"
              "  exit 0\n"
              "fi\n"
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

TEST_F(BenchTest, Rendezvous_BootsEachMachine) {
  EXPECT_EQ(Run({"--rendezvous", "--smp=1,2", "--json", Path("json")}), 0);
  EXPECT_TRUE(Contains(output_, "1 processor\n")) << output_;
  EXPECT_TRUE(Contains(output_, "2 processors\n")) << output_;
  EXPECT_TRUE(Contains(output_, "swap.pause.p2       1500   ns")) << output_;
  std::ostringstream text;
  text << std::ifstream(Path("json")).rdbuf();
  EXPECT_TRUE(Contains(text.str(), "{\"name\":\"swap.rendezvous.p1\",\"value\":900,"))
      << text.str();
  EXPECT_EQ(Run({"--rendezvous", "--smp=16"}), 1) << "a machine failed";
}

TEST_F(BenchTest, Flags_Bad_AreUsage) {
  EXPECT_EQ(Run({"--rendezvous", "--smp=2,17"}), 2);
  EXPECT_TRUE(Contains(output_, "'17'")) << output_;
  EXPECT_EQ(Run({"--rendezvous", "--icount"}), 2);
  EXPECT_EQ(Run({"--rendezvous", "swap"}), 2);
  EXPECT_EQ(Run({"--smp=2"}), 2);
  EXPECT_EQ(Run({"--foo"}), 2);
  EXPECT_TRUE(Contains(output_, "'--foo'")) << output_;
  EXPECT_EQ(Run({"--json"}), 2);
  EXPECT_EQ(Run({"--help"}), 0);
}

}  // namespace
}  // namespace bench
