// SPDX-License-Identifier: MIT
// Runs the program itself, with the tools that it drives, from a folder that stands for the user's.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tools/cellc/kit.h"
#include "tools/cellc/options.h"
#include "tools/cellc/process.h"

namespace cellc {
namespace {

namespace fs = std::filesystem;

// The example of the published source interface, as it stands there.
constexpr char kHello[] =
    "#include \"nano_core/api/cell.h\"\n"
    "CELL_EXPORT u64_result_t hello_add(uint64_t a, uint64_t b) "
    "{ return (u64_result_t){.value = a + b}; }\n";

constexpr char kInclude[] = "#include \"nano_core/api/cell.h\"\n";

class CellcTest : public ::testing::Test {
 protected:
  void SetUp() override {
    user_ = fs::path(std::getenv("TEST_TMPDIR")) /
            ::testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(user_);
    fs::create_directories(user_);
    setenv("BUILD_WORKING_DIRECTORY", user_.c_str(), 1);
  }

  void Write(const std::string &name, const std::string &content) {
    std::ofstream(user_ / name) << content;
  }

  static Outcome Cellc(const std::vector<std::string> &arguments) {
    std::vector<std::string> command = {"tools/cellc/cellc"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return cellc::Run(command);
  }

  // Expects that the source is refused with that line, and that nothing is written.
  void ExpectRefused(const std::string &source, const std::string &line,
                     std::vector<std::string> flags = {}) {
    Write("bad.c", std::string(kInclude) + source);
    flags.insert(flags.end(), {"bad.c", "-o", "bad.cell.o"});
    const Outcome outcome = Cellc(flags);
    EXPECT_EQ(outcome.exit_status, 1) << outcome.output;
    EXPECT_NE(outcome.output.find(line), std::string::npos) << outcome.output;
    EXPECT_FALSE(Exists("bad.cell.o"));
  }

  bool Exists(const std::string &name) const { return fs::exists(user_ / name); }

  std::string Read(const std::string &name) const {
    std::stringstream content;
    content << std::ifstream(user_ / name, std::ios::binary).rdbuf();
    return content.str();
  }

  bool Has(const std::string &name, const std::string &line) const {
    return Read(name).find("\n" + line + "\n") != std::string::npos;
  }

  fs::path user_;
};

TEST_F(CellcTest, Hello_AsPublished_IsCompiled) {
  Write("hello.c", kHello);
  const Outcome outcome = Cellc({"hello.c", "-o", "hello.cell.o"});
  EXPECT_EQ(outcome.exit_status, 0) << outcome.output;
  EXPECT_EQ(outcome.output, "");
  EXPECT_TRUE(Has("hello.cell.o", "name hello"));
  EXPECT_NE(Read("hello.cell.o").find("\nexport hello_add "), std::string::npos);
}

TEST_F(CellcTest, Output_NotGiven_IsTheNameInTheUsersFolder) {
  Write("hello.c", kHello);
  EXPECT_EQ(Cellc({"hello.c"}).exit_status, 0);
  EXPECT_TRUE(Exists("hello.cell.o"));
}

TEST_F(CellcTest, Object_OfTheSameSource_IsTheSame) {
  Write("hello.c", kHello);
  EXPECT_EQ(Cellc({"hello.c", "-o", "one.o"}).exit_status, 0);
  EXPECT_EQ(Cellc({"hello.c", "-o", "two.o"}).exit_status, 0);
  EXPECT_EQ(Read("one.o"), Read("two.o"));
}

TEST_F(CellcTest, Flags_EachGiven_StandInTheManifest) {
  Write("any.c", std::string(kInclude) +
                     "#include \"cells/log/log.h\"\n"
                     "#include \"nano_core/api/port_io.h\"\n"
                     "typedef struct mine { monitor_t monitor; uint64_t count; } mine_t;\n"
                     "STATE(mine_t, mine);\n"
                     "CELL_EXPORT status_t other_run(uint64_t port);\n"
                     "status_t other_run(uint64_t port) {\n"
                     "  port_write8((uint16_t)port, (uint8_t)state_mine->count);\n"
                     "  return log_write(TEXT(\"other\"), TEXT(\"written\"));\n"
                     "}\n");
  const Outcome outcome =
      Cellc({"--name",        "other", "--import",  "log",       "--import", "nano_core", "--state",
             "mine:mine_t:2", "--hw",  "port_io",   "--version", "7",        "--client",  "shell",
             "--init",        "eager", "--summary", "says so",   "any.c",    "-o",        "any.o"});
  EXPECT_EQ(outcome.exit_status, 0) << outcome.output;
  for (const char *line : {"name other", "version 7", "summary says so", "init eager",
                           "right port_io", "client shell"}) {
    EXPECT_TRUE(Has("any.o", line)) << line;
  }
  EXPECT_NE(Read("any.o").find("\nimport log log_write "), std::string::npos);
  EXPECT_NE(Read("any.o").find("\nstate mine "), std::string::npos);
}

TEST_F(CellcTest, Dialect_Breach_IsNamedWithItsPlace) {
  ExpectRefused(
      "static uint64_t count;\nCELL_EXPORT u64_result_t bad_run(void) {\n"
      "  return (u64_result_t){.value = count};\n}\n",
      "bad.c:2:17: error: mutable-global: ");
}

TEST_F(CellcTest, Violations_Several_AreAllNamed) {
  ExpectRefused(
      "static uint64_t count;\nCELL_EXPORT u64_result_t bad_run(uint64_t *a) {\n"
      "  return (u64_result_t){.value = count + a[2]};\n}\n",
      "bad.c:4:42: error: raw-index: ");
}

TEST_F(CellcTest, Violations_OfDialectAndShape_AreNamedTogetherAndOnce) {
  const char source[] =
      "static uint64_t count;\nCELL_EXPORT uint64_t bad_run(void) { return count; }\n";
  ExpectRefused(source, "bad.c:2:17: error: mutable-global: ");
  ExpectRefused(source, "bad.c:3:22: error: result-shape: ");
  Write("bad.c", std::string(kInclude) + "#include \"no.h\"\n");
  const std::string output = Cellc({"bad.c"}).output;
  EXPECT_EQ(output.find("no.h"), output.rfind("no.h")) << output;
}

TEST_F(CellcTest, Source_ThatDoesNotCompile_IsNamedWithItsPlace) {
  ExpectRefused("CELL_EXPORT status_t bad_run(void) { return 3; }\n",
                "bad.c:2:45: error: compile: ");
}

TEST_F(CellcTest, Warning_IsARefusal) {
  ExpectRefused("CELL_EXPORT status_t bad_run(uint64_t a) { return OK; }\n",
                "bad.c:2:39: error: compile: unused parameter 'a'");
}

TEST_F(CellcTest, Export_WithoutThePrefix_IsRefused) {
  ExpectRefused("CELL_EXPORT status_t other_run(void) { return OK; }\n",
                "bad.c:2:22: error: export-name: ");
}

TEST_F(CellcTest, Export_OfAShapeThatNoGateCarries_IsRefused) {
  ExpectRefused("CELL_EXPORT uint64_t bad_run(void) { return 1; }\n",
                "bad.c:2:22: error: result-shape: ");
}

TEST_F(CellcTest, Export_None_IsRefused) {
  ExpectRefused("static const uint64_t kOne [[maybe_unused]] = 1;\n",
                "bad.c:1:1: error: no-export: ");
}

TEST_F(CellcTest, Right_NotGiven_IsRefused) {
  ExpectRefused(
      "#include \"nano_core/api/port_io.h\"\n"
      "CELL_EXPORT status_t bad_run(void) { return OK; }\n",
      "bad.c:2:10: error: right: ");
}

TEST_F(CellcTest, State_NotDeclared_IsNamedWhereItStands) {
  ExpectRefused(
      "typedef struct mine { monitor_t monitor; uint64_t count; } mine_t;\n"
      "STATE(mine_t, mine);\nCELL_EXPORT u64_result_t bad_run(void) {\n"
      "  return (u64_result_t){.value = state_mine->count};\n}\n",
      ": error: undeclared-state: ");
}

TEST_F(CellcTest, State_OfAMissingType_IsRefused) {
  ExpectRefused("CELL_EXPORT status_t bad_run(void) { return OK; }\n",
                "bad.c:1:1: error: state-type: ", {"--state", "mine:mine_t:1"});
}

TEST_F(CellcTest, Header_OfACellThatIsNotImported_IsRefusedWithTheRemedy) {
  ExpectRefused(
      "#include \"cells/log/log.h\"\nCELL_EXPORT status_t bad_run(void) {\n"
      "  return log_write(TEXT(\"a\"), TEXT(\"b\"));\n}\n",
      "bad.c:2:10: error: compile: 'cells/log/log.h' file not found; --import");
}

TEST_F(CellcTest, Import_OfAClosedCell_IsRefusedAndTheOpenOnesAreNamed) {
  ExpectRefused("CELL_EXPORT status_t bad_run(void) { return OK; }\n",
                "bad.c:1:1: error: import: 'keyboard' is not open to cells from outside of the "
                "tree; these are: formatting, heap, log, timer",
                {"--import", "keyboard"});
}

TEST_F(CellcTest, Name_ThatIsNone_IsRefused) {
  Write("My-Cell.c", kHello);
  const Outcome outcome = Cellc({"My-Cell.c"});
  EXPECT_EQ(outcome.exit_status, 1);
  EXPECT_NE(outcome.output.find("My-Cell.c:1:1: error: name: "), std::string::npos);
}

TEST_F(CellcTest, File_Missing_IsRefused) {
  const Outcome outcome = Cellc({"nowhere.c", "-o", "nowhere.o"});
  EXPECT_EQ(outcome.exit_status, 1);
  EXPECT_NE(outcome.output.find("nowhere.c:1:1: error: input: "), std::string::npos);
}

TEST_F(CellcTest, OutputFolder_Missing_IsRefusedAndNothingIsWritten) {
  Write("hello.c", kHello);
  const Outcome outcome = Cellc({"hello.c", "-o", "no/such/hello.o"});
  EXPECT_EQ(outcome.exit_status, 1);
  EXPECT_NE(outcome.output.find("hello.c:1:1: error: output: 'no/such/hello.o' cannot be written"),
            std::string::npos);
  EXPECT_FALSE(Exists("no"));
}

TEST_F(CellcTest, Output_ThatIsAFolder_IsRefusedAndNothingIsLeft) {
  Write("hello.c", kHello);
  fs::create_directories(user_ / "taken");
  EXPECT_EQ(Cellc({"hello.c", "-o", "taken"}).exit_status, 1);
  EXPECT_FALSE(Exists("taken.partial"));
}

TEST_F(CellcTest, Refusal_KeepsTheObjectThatWasThere) {
  Write("hello.c", kHello);
  EXPECT_EQ(Cellc({"hello.c", "-o", "hello.o"}).exit_status, 0);
  const std::string before = Read("hello.o");
  Write("hello.c", std::string(kHello) + "static uint64_t count;\n");
  EXPECT_EQ(Cellc({"hello.c", "-o", "hello.o"}).exit_status, 1);
  EXPECT_EQ(Read("hello.o"), before);
}

TEST_F(CellcTest, CommandLine_Wrong_IsUsage) {
  const std::vector<std::vector<std::string>> lines = {
      {},
      {"--bogus", "a.c"},
      {"a.c", "b.c"},
      {"a.c", "-o"},
      {"a.c", "--version", "new"},
      {"a.c", "--hw", "everything"},
      {"a.c", "--state", "mine"},
      {"a.c", "--init", "later"},
      {"a.c", "--read-window", "x"},
      {"a.c", "--summary", ""},
  };
  for (const std::vector<std::string> &line : lines) {
    const Outcome outcome = Cellc(line);
    EXPECT_EQ(outcome.exit_status, 2) << outcome.output;
    EXPECT_NE(outcome.output.find("usage: "), std::string::npos);
  }
}

TEST_F(CellcTest, Help_IsPrinted) {
  const Outcome outcome = Cellc({"--help"});
  EXPECT_EQ(outcome.exit_status, 0);
  EXPECT_EQ(outcome.output, kUsage);
}

}  // namespace
}  // namespace cellc
